package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a new daemon knows of the apps that it takes over, and does about those that ended meanwhile. */
class AdoptionIT {
    private static final String ENDING =
            "process.on('SIGUSR2', () => process.exit(42)); setInterval(() => {}, 1000);" + " console.log('up');";

    private static Map<String, Object> killedOnce(Bunctl bunctl, String instance) {
        long pid = bunctl.pid(instance);
        HostProcesses.signal("KILL", pid);
        return bunctl.awaitStatus(
                instance,
                app -> "online".equals(app.get("state")) && !app.get("pid").equals(pid));
    }

    private static List<?> crashes(Bunctl bunctl, String app) {
        Object apps = bunctl.run("describe", app, "--json").succeeded().json().get("apps");
        return apps instanceof List<?> list
                        && list.getFirst() instanceof Map<?, ?> one
                        && one.get("crashes") instanceof List<?> crashes
                ? crashes
                : List.of();
    }

    @Test
    void counters_historyAndUptime_outliveDaemonAndGuard() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            var _ = killedOnce(bunctl, "a:0");
            Map<String, Object> before = killedOnce(bunctl, "a:0");
            assertEquals(2L, before.get("restarts"));
            List<?> history = crashes(bunctl, "a");
            assertEquals(2, history.size(), history.toString());

            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertSame(before, bunctl.status("a:0"));
            assertEquals(history, crashes(bunctl, "a"));

            long daemon = bunctl.daemonPid();
            HostProcesses.signal("KILL", bunctl.guardPid());
            Bunctl.await(() -> "another daemon was there", () -> bunctl.daemonPid() != daemon);
            assertSame(before, bunctl.status("a:0"));
            assertEquals(history, crashes(bunctl, "a"));
        }
    }

    private static void assertSame(Map<String, Object> before, Map<String, Object> after) {
        for (String member : List.of("id", "pid", "state", "restarts")) {
            assertEquals(before.get(member), after.get(member), member);
        }
        assertTrue((Long) after.get("uptime_ms") >= (Long) before.get("uptime_ms"), after.toString());
    }

    @Test
    void exitWhileTheDaemonIsAway_isFollowedByARestartWithTheTrueCode() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("ends.ts", ENDING);
            bunctl.run("start", "ends.ts", "--name", "ends").succeeded();
            Bunctl.await(() -> "it was up", () -> bunctl.log("ends-out.log").contains("up"));
            long app = bunctl.pid("ends:0");
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("STOP", daemon);
            HostProcesses.signal("USR2", app);
            Bunctl.await(() -> "the app ended", () -> !HostProcesses.runs(app));
            HostProcesses.signal("KILL", daemon);
            Map<String, Object> status = bunctl.awaitStatus(
                    "ends:0",
                    seen -> "online".equals(seen.get("state"))
                            && !seen.get("pid").equals(app));
            assertEquals(1L, status.get("restarts"));
            assertTrue(crashes(bunctl, "ends").toString().contains("42"), crashes(bunctl, "ends")::toString);
        }
    }

    @Test
    void exitWhileNobodyIsThere_isFollowedByARestart() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("ends.ts", ENDING);
            bunctl.run("start", "ends.ts", "--name", "ends").succeeded();
            Bunctl.await(() -> "it was up", () -> bunctl.log("ends-out.log").contains("up"));
            long app = bunctl.pid("ends:0");
            long guard = bunctl.guardPid();
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("STOP", daemon);
            HostProcesses.signal("KILL", guard);
            HostProcesses.signal("KILL", daemon);
            HostProcesses.signal("USR2", app);
            Bunctl.await(() -> "the app ended", () -> !HostProcesses.runs(app));
            bunctl.run("start", "other", "--command", "sleep 1000").succeeded();
            bunctl.awaitStatus(
                    "ends:0",
                    seen -> "online".equals(seen.get("state"))
                            && !seen.get("pid").equals(app));
        }
    }
}
