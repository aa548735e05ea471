package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** save and resurrect, as the hands of PM2's users know them. */
class SnapshotIT {
    @Test
    void resurrect_bringsBackWhatRanWithItsEnvironmentAndNotWhatWasStopped() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000", "--env", "SECRET=s")
                    .succeeded();
            bunctl.run("start", "b", "--command", "sleep 1000").succeeded();
            bunctl.run("stop", "b").succeeded();
            assertTrue(bunctl.run("save", "good").succeeded().err().contains("2 apps"));
            Path file = bunctl.home().resolve("state/snapshots/good.json");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            bunctl.run("delete", "all").succeeded();
            bunctl.run("kill").succeeded();

            bunctl.run("resurrect", "good").succeeded();
            assertEquals("online", bunctl.status("a:0").get("state"));
            assertTrue(HostProcesses.read(bunctl.pid("a:0"), "environ").contains("SECRET=s"));
            assertEquals(1, bunctl.status().size());
        }
    }

    @Test
    void names_thatAreNoneAreRefusedAndMakeNoFile() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("save").failedWith(8);
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            bunctl.run("save", "../state/desired").failedWith(2);
            bunctl.run("save", ".hidden").failedWith(2);
            bunctl.run("resurrect", "never-saved").failedWith(5);
            assertTrue(!Files.exists(bunctl.home().resolve("state/snapshots")));
        }
    }

    @Test
    void snapshotThatIsCut_isRefusedAndChangesNothing() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            bunctl.run("save").succeeded();
            bunctl.write("h/state/snapshots/default.json", "{\"version\":1");
            bunctl.run("resurrect").failedWith(3);
            assertEquals("online", bunctl.status("a:0").get("state"));
        }
    }
}
