package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Apps that end, and apps that do not want to. */
class AppEndsIT {
    private static final String CRASHING = "console.error('no database'); process.exit(3);";

    @Test
    void start_appThatDiesAtOnce_saysWhyWithItsLastLines() {
        try (Bunctl bunctl = new Bunctl()) {
            // It is up when it says so, and not when a busy host lets it live for a while before it has run at all.
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"dies","script":"dies.ts","restart_policy":"no","ready":{"log":"up"}}]}""");
            bunctl.write("dies.ts", CRASHING);
            Bunctl.Result start = bunctl.run("start", "dies").failedWith(1);
            assertTrue(start.err().contains("no database"), start.err());
            assertEquals(3L, bunctl.status("dies:0").get("exit_code"));
        }
    }

    @Test
    void crashLoop_isGivenUpAfterMaxRestarts() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"loop","script":"dies.ts","max_restarts":2}]}""");
            bunctl.write("dies.ts", CRASHING);
            bunctl.run("start", "loop", "--no-wait").succeeded();
            assertEquals(
                    2L,
                    bunctl.awaitStatus("loop:0", app -> "errored".equals(app.get("state")))
                            .get("restarts"));
        }
    }

    @Test
    void killedApp_isStartedAgain() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long first = bunctl.pid("a:0");
            HostProcesses.signal("KILL", first);
            bunctl.awaitStatus(
                    "a:0",
                    app -> "online".equals(app.get("state")) && !app.get("pid").equals(first));
            assertEquals(1L, bunctl.status("a:0").get("restarts"));
        }
    }

    @Test
    void stop_appThatIgnoresItsSignal_killsTheWholeTree() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"deaf","script":"deaf.ts","kill_timeout":300}]}""");
            bunctl.write("deaf.ts", """
                    process.on("SIGINT", () => console.log("never"));
                    const child = Bun.spawn(["sh", "-c", "trap '' INT TERM; while :; do sleep 1; done"]);
                    console.log("child " + child.pid);""");
            bunctl.run("start", "deaf").succeeded();
            Bunctl.await(
                    () -> "the child was announced",
                    () -> bunctl.log("deaf-out.log").endsWith("\n"));
            long child = Long.parseLong(bunctl.log("deaf-out.log").strip().split(" ")[1]);
            long pid = bunctl.pid("deaf:0");
            bunctl.run("stop", "deaf").succeeded();
            assertEquals("stopped", bunctl.status("deaf:0").get("state"));
            assertFalse(HostProcesses.runs(pid));
            assertFalse(HostProcesses.runs(child));
        }
    }

    @Test
    void stop_duringBackoff_staysStopped() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"loop","script":"dies.ts","max_restarts":-1,
                      "backoff":{"initial":20000,"max":20000}}]}""");
            bunctl.write("dies.ts", CRASHING);
            bunctl.run("start", "loop", "--no-wait").succeeded();
            bunctl.awaitStatus("loop:0", app -> "waiting_restart".equals(app.get("state")));
            bunctl.run("stop", "loop").succeeded();
            assertEquals("stopped", bunctl.status("loop:0").get("state"));
            assertNull(bunctl.status("loop:0").get("pid"));
        }
    }

    @Test
    void delete_ofARestartingApp_leavesNothing() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"loop","script":"dies.ts","max_restarts":-1,"backoff":{"initial":10,"max":10}}]}""");
            bunctl.write("dies.ts", CRASHING);
            bunctl.run("start", "loop", "--no-wait").succeeded();
            bunctl.awaitStatus("loop:0", app -> (Long) app.get("restarts") > 1);
            bunctl.run("delete", "loop").succeeded();
            assertEquals(List.of(), bunctl.status());
            assertTrue(bunctl.processes().stream().noneMatch(process -> process.contains("dies.ts")));
        }
    }

    @Test
    void commandsDuringASlowStop_areAnsweredAndNeverStartTwice() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"slow","script":"slow.ts","kill_timeout":6000}]}""");
            bunctl.write("slow.ts", "process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('up');");
            bunctl.run("start", "slow").succeeded();
            Bunctl.await(
                    () -> "it handles signals", () -> bunctl.log("slow-out.log").contains("up"));
            long first = bunctl.pid("slow:0");
            Bunctl.Running stop = bunctl.start("stop", "slow");
            bunctl.awaitStatus("slow:0", app -> "stopping".equals(app.get("state")));
            Bunctl.Running restart = bunctl.start("restart", "slow");
            Bunctl.Running start = bunctl.start("start", "slow");
            bunctl.await(stop);
            bunctl.await(restart);
            bunctl.await(start);
            bunctl.awaitStatus("slow:0", app -> "online".equals(app.get("state")));
            assertNotEquals(first, bunctl.pid("slow:0"));
            long running = bunctl.processes().stream()
                    .filter(process -> process.contains("slow.ts") && !process.contains("bin/java"))
                    .count();
            assertEquals(1, running, bunctl.processes().toString());
        }
    }

    @Test
    void output_of200000MultibyteLinesThenExit_isAllThere() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"loud","script":"loud.ts","restart_policy":"no"}]}""");
            bunctl.write("loud.ts", """
                    for (let n = 0; n < 200000; n++) console.log(`${n} grüße 日本語 🙂`);
                    process.exit(0);""");
            bunctl.run("start", "loud").succeeded();
            bunctl.awaitStatus("loud:0", app -> "stopped".equals(app.get("state")));
            List<String> lines = bunctl.log("loud-out.log").lines().toList();
            assertEquals(200_000, lines.size());
            for (int n = 0; n < lines.size(); n++) {
                assertEquals(n + " grüße 日本語 🙂", lines.get(n));
            }
        }
    }
}
