package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every restart policy with every kind of end, with processes that really end so. */
class RestartPolicyIT {
    private static final List<String> POLICIES = List.of("always", "unless-stopped", "on-failure", "no");
    private static final Map<String, String> ENDS = Map.of(
            "zero", "exit 0",
            "one", "echo 'no database' >&2; exit 1",
            "signal", "kill -SEGV $$",
            "oom", "kill -KILL $$");

    private static String app(String name, String end, String members) {
        return """
                {"name":"%s","command":"sh %s.sh","max_restarts":2,"backoff":{"initial":10,"max":20},%s}""".formatted(name, end, members);
    }

    private static void configure(Bunctl bunctl, List<String> apps) {
        ENDS.forEach((end, script) -> bunctl.write(end + ".sh", script + "\n"));
        bunctl.write("bunctl.json", "{\"apps\":[" + String.join(",", apps) + "]}");
        bunctl.run("start", "--no-wait").succeeded();
    }

    private static void atRest(Bunctl bunctl) {
        Bunctl.await(
                () -> "every app came to rest: " + bunctl.status(),
                () -> bunctl.status().stream()
                        .allMatch(app -> List.of("stopped", "errored").contains(app.get("state"))));
    }

    @Test
    void everyPolicyWithEveryEnd_doesWhatItSays() {
        try (Bunctl bunctl = new Bunctl()) {
            List<String> apps = new ArrayList<>();
            for (String policy : POLICIES) {
                ENDS.keySet()
                        .forEach(
                                end -> apps.add(app(policy + "_" + end, end, "\"restart_policy\":\"" + policy + "\"")));
            }
            configure(bunctl, apps);
            atRest(bunctl);
            for (String policy : POLICIES) {
                ENDS.keySet().forEach(end -> assertOutcome(bunctl, policy, end));
            }
        }
    }

    private static void assertOutcome(Bunctl bunctl, String policy, String end) {
        String name = policy + "_" + end;
        boolean success = end.equals("zero");
        boolean again = !policy.equals("no") && !(policy.equals("on-failure") && success);
        Map<String, Object> app = bunctl.status(name + ":0");
        assertEquals(again ? 2L : 0L, app.get("restarts"), name);
        assertEquals(success && !again ? "stopped" : "errored", app.get("state"), name);
        List<Map<String, Object>> ends = bunctl.history(name);
        assertEquals(again ? 3 : 1, ends.size(), name);
        for (Map<String, Object> one : ends) {
            switch (end) {
                case "zero" -> assertEnd(one, "code", 0L, null);
                case "one" -> {
                    assertEnd(one, "code", 1L, null);
                    assertEquals(List.of("no database"), one.get("last_lines"));
                }
                case "signal" -> assertEnd(one, "signal", null, "SIGSEGV");
                default -> assertEnd(one, "signal", null, "SIGKILL");
            }
        }
    }

    private static void assertEnd(
            Map<String, Object> end,
            String kind,
            @org.jspecify.annotations.Nullable Long code,
            @org.jspecify.annotations.Nullable String signal) {
        assertEquals(kind, end.get("kind"), end.toString());
        assertEquals(code, end.get("exit_code"), end.toString());
        assertEquals(signal, end.get("signal"), end.toString());
    }

    @Test
    void signalsThatAreSuccessOrStop_areNoFailure_andARemovedAppIsGone() {
        try (Bunctl bunctl = new Bunctl()) {
            configure(
                    bunctl,
                    List.of(
                            app("success", "signal", "\"restart_policy\":\"on-failure\",\"success_signals\":\"SEGV\""),
                            app("stop", "oom", "\"restart_policy\":\"always\",\"stop_signals\":[\"SIGKILL\"]"),
                            app("gone", "one", "\"exhausted_action\":\"remove\"")));
            Bunctl.await(
                    () -> "the app was removed: " + bunctl.status(),
                    () -> bunctl.status().size() == 2);
            atRest(bunctl);
            assertEquals("stopped", bunctl.status("success:0").get("state"));
            assertEquals("stopped", bunctl.status("stop:0").get("state"));
            assertEquals(0L, bunctl.status("stop:0").get("restarts"));
        }
    }

    @Test
    void restartsByHand_neverCount_andHistoryOutlivesTheDaemon() {
        try (Bunctl bunctl = new Bunctl()) {
            configure(bunctl, List.of(app("loop", "one", "\"restart_policy\":\"always\"")));
            atRest(bunctl);
            for (int times = 0; times < 3; times++) {
                bunctl.run("restart", "loop", "--no-wait").succeeded();
                atRest(bunctl);
                assertEquals(2L, bunctl.status("loop:0").get("restarts"));
            }
            List<Map<String, Object>> before = bunctl.history("loop");
            assertEquals(12, before.size());
            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertEquals(before, bunctl.history("loop"));
            String described = bunctl.run("describe", "loop").succeeded().out();
            assertEquals(
                    10,
                    described
                            .lines()
                            .filter(line -> line.startsWith("loop:0 ended"))
                            .count());
            String history = bunctl.run("history", "loop").succeeded().out();
            assertTrue(history.contains("exit code 1 after") && history.contains("  | no database"), history);
        }
    }
}
