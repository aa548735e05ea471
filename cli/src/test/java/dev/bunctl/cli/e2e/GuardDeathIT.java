package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guard that dies, a daemon that hangs, and both at once: apps run on. */
class GuardDeathIT {
    private static final String COUNTING = "let n = 0; setInterval(() => console.log(`line ${n++}`), 10);";

    @Test
    void killedGuard_everyCommandFindsADaemonAndTheAppsLiveOn() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            bunctl.run("start", "count.ts", "--name", "count").succeeded();
            long app = bunctl.pid("count:0");
            long guard = bunctl.guardPid();
            HostProcesses.signal("KILL", guard);
            Bunctl.await(() -> "another guard was there", () -> {
                // Fails when a single one of these finds nobody.
                assertEquals(1, bunctl.status().size());
                return bunctl.guardPid() != guard;
            });
            assertEquals(app, bunctl.pid("count:0"));
            assertEquals(0L, bunctl.status("count:0").get("restarts"));
            awaitMoreLines(bunctl);
            assertNoLineLost(bunctl);
        }
    }

    @Test
    void guardAndDaemonKilledTogether_theNextStartAdoptsTheApps() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            bunctl.run("start", "count.ts", "--name", "count").succeeded();
            long app = bunctl.pid("count:0");
            long guard = bunctl.guardPid();
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("KILL", guard);
            HostProcesses.signal("KILL", daemon);
            Bunctl.await(() -> "both were gone", () -> !HostProcesses.runs(guard) && !HostProcesses.runs(daemon));
            assertTrue(HostProcesses.runs(app));
            bunctl.run("start", "other", "--command", "sleep 1000").succeeded();
            assertEquals(app, bunctl.pid("count:0"));
            awaitMoreLines(bunctl);
            assertNoLineLost(bunctl);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "restart other", "logs count --nostream", "update", "token list"})
    void guardAndDaemonKilledTogether_theNextCommandBringsBothBack(String command) {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            bunctl.run("start", "count.ts", "--name", "count").succeeded();
            bunctl.run("start", "other", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("count:0");
            killBoth(bunctl);
            Bunctl.Result result = bunctl.run(command.split(" ")).succeeded();
            assertTrue(result.err().contains("started again"), result.err());
            assertEquals(app, bunctl.pid("count:0"));
            awaitMoreLines(bunctl);
            assertNoLineLost(bunctl);
        }
    }

    /** Nobody who could tell how it ended need be there: what is shown runs. */
    @Test
    void guardDaemonAndAppKilledTogether_theDeadIsNeverShown() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            killBoth(bunctl);
            HostProcesses.signal("KILL", app);
            Bunctl.await(() -> "it was dead", () -> !HostProcesses.runs(app));
            Bunctl.await(() -> "another runs", () -> {
                Object shown = bunctl.status("a:0").get("pid");
                assertNotEquals((Object) app, shown);
                return shown instanceof Long pid && HostProcesses.runs(pid);
            });
            assertEquals(1L, bunctl.status("a:0").get("restarts"));
            // What its pipe held then, nobody knows.
            assertEquals(
                    "[bunctl] lines may have been dropped: the app ended while guard and daemon were dead\n",
                    bunctl.log("a-out.log"));
        }
    }

    @Test
    void kill_whereGuardAndDaemonWereKilled_endsEverything() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            killBoth(bunctl);
            bunctl.run("kill").succeeded();
            assertFalse(HostProcesses.runs(app));
            assertFalse(bunctl.run("status").succeeded().err().contains("started again"));
        }
    }

    private static void killBoth(Bunctl bunctl) {
        long guard = bunctl.guardPid();
        long daemon = bunctl.daemonPid();
        HostProcesses.signal("STOP", daemon); // or it would start another guard before it is killed
        HostProcesses.signal("KILL", guard);
        HostProcesses.signal("KILL", daemon);
        Bunctl.await(() -> "both were gone", () -> !HostProcesses.runs(guard) && !HostProcesses.runs(daemon));
    }

    @Test
    void hungDaemon_isReplacedAndItsAppsLiveOn() {
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_WATCHDOG", "5")) {
            bunctl.write("count.ts", COUNTING);
            bunctl.run("start", "count.ts", "--name", "count").succeeded();
            long app = bunctl.pid("count:0");
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("STOP", daemon);
            Bunctl.await(() -> "the hung daemon was killed", () -> !HostProcesses.runs(daemon));
            assertNotEquals(daemon, bunctl.daemonPid());
            assertEquals(app, bunctl.pid("count:0"));
            assertTrue(bunctl.daemonLog().contains("did not answer the watchdog"), bunctl.daemonLog());
            assertFalse(bunctl.daemonLog().contains("before it was ready"), bunctl.daemonLog());
            awaitMoreLines(bunctl);
            assertNoLineLost(bunctl);
        }
    }

    /** The guard and the daemon may open more files than the shell that started them; apps get what the shell had. */
    @Test
    void openFiles_ofGuardAndDaemonAreRaisedAndThoseOfAppsAreNot() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            String before = limit(bunctl.pid("a:0"));
            long daemon = bunctl.daemonPid();
            String raised = limit(daemon);
            assertEquals(raised.split(" +")[4], raised.split(" +")[3], "soft and hard limit of the daemon");
            HostProcesses.signal("KILL", bunctl.guardPid());
            Bunctl.await(() -> "the next daemon was there", () -> bunctl.daemonPid() != daemon);
            bunctl.run("restart", "a").succeeded();
            assertEquals(before, limit(bunctl.pid("a:0")));
        }
    }

    private static String limit(long pid) {
        return HostProcesses.read(pid, "limits")
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(Bunctl bunctl) {
        return bunctl.log("count-out.log").lines().toList();
    }

    private static void awaitMoreLines(Bunctl bunctl) {
        int now = lines(bunctl).size();
        Bunctl.await(
                () -> "more than " + now + " lines were there",
                () -> lines(bunctl).size() > now + 1);
    }

    private static void assertNoLineLost(Bunctl bunctl) {
        List<String> lines = lines(bunctl);
        for (int n = 0; n < lines.size() - 1; n++) {
            assertEquals("line " + n, lines.get(n));
        }
    }
}
