package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Limits on any host: changed while apps run, kept, shown, and said where they do not hold. */
class LimitsIT {
    @SuppressWarnings("unchecked")
    private static Map<String, Object> limits(Bunctl bunctl) {
        var spec = (Map<String, Object>) bunctl.run("describe", "a", "--json")
                .succeeded()
                .apps()
                .getFirst()
                .get("spec");
        return (Map<String, Object>) spec.get("limits");
    }

    @Test
    void setLimit_changesWithoutARestart_andOutlivesTheDaemon() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long pid = bunctl.pid("a:0");
            Bunctl.Result set = bunctl.run("set-limit", "a", "--max-memory", "512M", "--max-pids", "50")
                    .succeeded();
            assertTrue(set.err().contains("a:0: limits changed"), set.err());
            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertEquals(512L << 20, limits(bunctl).get("max_memory_bytes"));
            bunctl.run("set-limit", "a", "--max-pids", "none").succeeded();
            assertNull(limits(bunctl).get("max_processes"));
            assertEquals(pid, bunctl.pid("a:0"));
        }
    }

    @Test
    void setLimit_ofNonsense_changesNothing() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            Map<String, Object> before = limits(bunctl);
            bunctl.run("set-limit", "a").failedWith(2);
            bunctl.run("set-limit", "a", "--max-memory", "lots").failedWith(2);
            bunctl.run("set-limit", "nobody", "--max-pids", "5").failedWith(4);
            assertEquals(before, limits(bunctl));
        }
    }

    @Test
    void describe_tellsWhatTheTreeUsed_andEveryLimitThatDoesNotHold() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000", "--max-memory", "1G")
                    .succeeded();
            Bunctl.Result described = bunctl.run("describe", "a").succeeded();
            assertTrue(described.out().contains("  cpu time "), described.out());
            assertTrue(described.out().contains("  processes     1"), described.out());
            Map<String, Object> status =
                    bunctl.run("status", "--json").succeeded().json();
            boolean enforced = capabilities(status).stream()
                    .anyMatch(one ->
                            "limits.memory".equals(one.get("name")) && Boolean.TRUE.equals(one.get("available")));
            assertEquals(!enforced, described.err().contains("a: not enforced here: max_memory"), described.err());
        }
    }

    @Test
    void maxMemory_isTheEndOfAHog_withTheKernelsHelpOrWithout() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"a","script":"hog.ts","max_memory":"120M","restart_policy":"no"}]}""");
            bunctl.write("hog.ts", """
                    const held = [];
                    setInterval(() => held.push(Buffer.alloc(2_000_000, 1)), 50);""");
            bunctl.run("start", "a").succeeded();
            Map<String, Object> end = bunctl.awaitStatus("a:0", app -> "errored".equals(app.get("state")));
            assertTrue(String.valueOf(end.get("reason")).startsWith("out of memory, signal SIGKILL"), end.toString());
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> capabilities(Map<String, Object> status) {
        return (List<Map<String, Object>>) status.get("capabilities");
    }
}
