package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is taken away from under bunctl: said, survived, and made good without a restart once it is back. */
class RobustnessIT {
    @Test
    void deletedSocket_isMadeAnewAndAppsRunOn() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            long guard = bunctl.guardPid();
            Files.delete(bunctl.home().resolve("run/bunctl.sock"));
            Bunctl.await(
                    () -> "the socket was back",
                    () -> Files.exists(bunctl.home().resolve("run/bunctl.sock")));
            assertEquals(app, bunctl.pid("a:0"));
            assertEquals(guard, bunctl.guardPid());
            assertTrue(bunctl.daemonLog().contains("run/bunctl.sock was deleted"), bunctl.daemonLog());
        }
    }

    @Test
    void deletedHome_isMadeAnewWithWhatWasWanted() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            bunctl.run("start", "halted", "--command", "sleep 1000").succeeded();
            bunctl.run("stop", "halted").succeeded();
            long app = bunctl.pid("a:0");
            long guard = bunctl.guardPid();
            Files.move(bunctl.home(), bunctl.folder().resolve("away"));
            HostProcesses.deleteTree(bunctl.folder().resolve("away"));
            Bunctl.await(
                    () -> "the socket was back",
                    () -> Files.exists(bunctl.home().resolve("run/bunctl.sock")));
            assertEquals(app, bunctl.pid("a:0"));
            assertEquals("stopped", bunctl.status("halted:0").get("state"));
            assertEquals(guard, bunctl.guardPid());
            bunctl.run("restart", "a").succeeded();
            assertNotEquals(app, bunctl.pid("a:0"));
        }
    }

    @Test
    void fullDisk_refusesChangesAndTakesThemAgainWhenThereIsRoom() {
        try (Bunctl bunctl = new Bunctl()) {
            ChaosDisk disk = bunctl.owns(ChaosDisk.sized(bunctl.home(), "64m"));
            assumeTrue(disk.isOwn(), "this test may not mount a file system");
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            disk.fill();
            Bunctl.Result refused = bunctl.run("stop", "a").failedWith(70);
            assertTrue(refused.err().contains("could not be saved, so nothing was changed"), refused.err());
            assertEquals(app, bunctl.pid("a:0"));
            assertEquals(12, bunctl.run("doctor").exit());
            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertEquals(app, bunctl.pid("a:0"));
            disk.free();
            bunctl.run("stop", "a").succeeded();
            assertEquals("stopped", bunctl.status("a:0").get("state"));
        }
    }

    @Test
    void readOnlyHome_refusesChangesAndTakesThemAgainWhenItIsWritable() {
        try (Bunctl bunctl = new Bunctl()) {
            ChaosDisk disk = bunctl.owns(ChaosDisk.sized(bunctl.home(), "64m"));
            assumeTrue(disk.isOwn(), "this test may not mount a file system");
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            disk.immutable(true);
            Bunctl.Result refused = bunctl.run("stop", "a").failedWith(70);
            assertTrue(refused.err().contains("could not be saved, so nothing was changed"), refused.err());
            assertEquals(app, bunctl.pid("a:0"));
            disk.immutable(false);
            bunctl.run("restart", "a").succeeded();
            assertNotEquals(app, bunctl.pid("a:0"));
        }
    }

    @Test
    void spoiledState_isSetAsideAndRunningAppsAreNamed() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            bunctl.write("h/state/desired.json", "{\"version\":1,");
            HostProcesses.signal("KILL", bunctl.daemonPid());
            Bunctl.Result status = bunctl.run("status").succeeded();
            assertTrue(status.err().contains("could not be read"), status.err());
            assertTrue(HostProcesses.runs(app));
            assertTrue(bunctl.run("doctor").succeeded().out().contains("corrupt-"));
        }
    }
}
