package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Several daemons on one host, and users who may only look. */
class SharedHostIT {
    private static final String GROUP = "54321";
    private static final String STRANGER = "54322";
    private static final Path AS_ANOTHER = Path.of("/usr/bin/setpriv");

    @Test
    void twoHomes_knowNothingOfEachOther() {
        try (Bunctl one = new Bunctl();
                Bunctl other = new Bunctl()) {
            one.run("start", "a", "--command", "sleep 1000").succeeded();
            other.run("start", "a", "--command", "sleep 1000").succeeded();
            assertNotEquals(one.guardPid(), other.guardPid());
            one.run("delete", "all").succeeded();
            assertEquals("online", other.status("a:0").get("state"));
        }
    }

    @Test
    void memberOfTheSocketsGroup_maySeeAndNotChange() throws IOException {
        assumeTrue(
                (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0 && Files.isExecutable(AS_ANOTHER),
                "only root can become another user");
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_SOCKET_GROUP", GROUP)) {
            Files.setPosixFilePermissions(bunctl.folder(), PosixFilePermissions.fromString("rwx--x--x"));
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            assertEquals("rwx--x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(bunctl.home())));
            assertEquals(
                    "a",
                    asMember(bunctl, "list", "--json")
                            .succeeded()
                            .apps()
                            .getFirst()
                            .get("name"));
            asMember(bunctl, "stop", "a").failedWith(6);
            assertEquals("online", bunctl.status("a:0").get("state"));
            Bunctl.Result stranger = as(bunctl, STRANGER, "list", "--json");
            assertTrue(stranger.exit() != 0 || stranger.apps().isEmpty(), stranger.toString());
            bunctl.run("doctor").succeeded();
        }
    }

    private static Bunctl.Result asMember(Bunctl bunctl, String... words) {
        return as(bunctl, GROUP, words);
    }

    private static Bunctl.Result as(Bunctl bunctl, String group, String... words) {
        String[] all = new String[words.length + 4];
        all[0] = "--reuid=" + STRANGER;
        all[1] = "--regid=" + group;
        all[2] = "--clear-groups";
        all[3] = Bunctl.DISTRIBUTION.resolve("bin/bunctl").toString();
        System.arraycopy(words, 0, all, 4, words.length);
        return bunctl.program(AS_ANOTHER, all);
    }
}
