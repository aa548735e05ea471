package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The daemon's own death is nobody's problem. */
class DaemonDeathIT {
    private static final String COUNTING =
            "let n = 0; setInterval(() => console.log(`line ${n++}`), 10); process.on('SIGUSR2', () => process.exit(42));";

    @Test
    void killedDaemon_comesBackAndItsAppsLiveOn() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            bunctl.run("start", "count.ts", "--name", "count", "-i", "2").succeeded();
            bunctl.awaitLog("count-out.log", "line 0\n");
            bunctl.awaitLog("count-out-1.log", "line 0\n");
            List<Long> before = List.of(bunctl.pid("count:0"), bunctl.pid("count:1"));
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("KILL", daemon);
            Bunctl.await(() -> "the old daemon was gone", () -> !HostProcesses.runs(daemon));
            assertEquals(before, List.of(bunctl.pid("count:0"), bunctl.pid("count:1")));
            assertNotEquals(daemon, bunctl.daemonPid());
            assertEquals(0L, bunctl.status("count:0").get("restarts"));
            assertNoLineLost(bunctl);
        }
    }

    @Test
    void appThatEndsWhileTheDaemonIsAway_keepsItsExitCodeAndLastWords() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"count","script":"count.ts","restart_policy":"no"}]}""");
            bunctl.write(
                    "count.ts",
                    COUNTING.replace("process.exit(42)", "{ console.log('last words'); process.exit(42) }"));
            bunctl.run("start", "count").succeeded();
            bunctl.awaitLog("count-out.log", "line 0\n");
            long app = bunctl.pid("count:0");
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("STOP", daemon);
            HostProcesses.signal("USR2", app);
            Bunctl.await(() -> "the app ended", () -> !HostProcesses.runs(app));
            HostProcesses.signal("KILL", daemon);
            Map<String, Object> status = bunctl.awaitStatus("count:0", seen -> !"online".equals(seen.get("state")));
            assertEquals(42L, status.get("exit_code"), status.toString());
            Bunctl.await(
                    () -> "its last words were kept",
                    () -> bunctl.log("count-out.log").contains("last words"));
            assertNoLineLost(bunctl);
        }
    }

    @Test
    void daemonKilledOverAndOver_neverDoublesAnApp() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 98765").succeeded();
            long app = bunctl.pid("a:0");
            for (int n = 0; n < 3; n++) {
                HostProcesses.signal("KILL", bunctl.daemonPid());
            }
            assertEquals(app, bunctl.pid("a:0"));
            assertEquals(
                    1,
                    bunctl.processes().stream()
                            .filter(process -> process.contains("98765"))
                            .count());
        }
    }

    @Test
    void sigterm_stopsAppsGracefullyAndTheNextDaemonRestoresThem() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bye.ts", """
                    process.on("SIGINT", () => { console.log("goodbye"); process.exit(0); });
                    setInterval(() => {}, 1000); console.log("up");""");
            bunctl.run("start", "bye.ts", "--name", "bye").succeeded();
            bunctl.run("start", "halted", "--command", "sleep 1000").succeeded();
            bunctl.run("stop", "halted").succeeded();
            Bunctl.await(
                    () -> "it handles signals", () -> bunctl.log("bye-out.log").contains("up"));
            long app = bunctl.pid("bye:0");
            HostProcesses.signal("TERM", bunctl.daemonPid());
            Bunctl.await(
                    () -> "all ended: " + bunctl.processes(),
                    () -> bunctl.processes().isEmpty());
            assertFalse(HostProcesses.runs(app));
            assertTrue(bunctl.log("bye-out.log").contains("goodbye"), bunctl.log("bye-out.log"));

            bunctl.run("start", "other", "--command", "sleep 1000").succeeded();
            bunctl.awaitStatus("bye:0", seen -> "online".equals(seen.get("state")));
            assertEquals("stopped", bunctl.status("halted:0").get("state"));
        }
    }

    /** Programs end all the time, at whatever moment of the hand-over; the log of the daemon stays readable. */
    @Test
    void daemonsThatHandOverWhileProgramsEnd_missNoEnd_andComplainOfNothing() {
        try (Bunctl bunctl = new Bunctl()) {
            String apps = IntStream.range(0, 20)
                    .mapToObj(n -> "{\"name\":\"short" + n + "\",\"command\":\"sleep 0.2\",\"max_restarts\":-1,"
                            + "\"restart_delay\":1}")
                    .collect(Collectors.joining(","));
            bunctl.write("bunctl.json", "{\"apps\":[" + apps + "]}");
            bunctl.run("start", "--no-wait").succeeded();
            for (int n = 0; n < 5; n++) {
                long daemon = bunctl.daemonPid();
                HostProcesses.signal("USR2", bunctl.guardPid());
                Bunctl.await(() -> "another daemon was there", () -> bunctl.daemonPid() != daemon);
            }
            for (int n = 0; n < 20; n++) {
                long restarts = (Long) bunctl.status("short" + n + ":0").get("restarts");
                bunctl.awaitStatus("short" + n + ":0", seen -> (Long) seen.get("restarts") > restarts);
            }
            assertFalse(bunctl.daemonLog().contains("Exception"), bunctl.daemonLog());
        }
    }

    @Test
    void daemonThatIsAway_readingCommandsWaitForTheNextOne() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("STOP", daemon);
            Bunctl.Running status = bunctl.start("status", "--json");
            HostProcesses.signal("KILL", daemon);
            assertEquals(1, bunctl.await(status).succeeded().apps().size());
        }
    }

    /** Every line from 0, each once; the last may be on its way into the file. */
    private static void assertNoLineLost(Bunctl bunctl) {
        for (String log : List.of("count-out.log", "count-out-1.log")) {
            List<String> lines = bunctl.log(log)
                    .lines()
                    .filter(line -> line.startsWith("line"))
                    .toList();
            for (int n = 0; n < lines.size() - 1; n++) {
                assertEquals("line " + n, lines.get(n), log);
            }
        }
    }
}
