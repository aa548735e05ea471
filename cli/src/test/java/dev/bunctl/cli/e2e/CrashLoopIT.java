package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many apps that crash without end: the daemon answers as ever, and starts them no more often than the backoff says. */
class CrashLoopIT {
    private static final int APPS = 100;
    private static final double SHORTEST_FIRST_WAIT_MS = 70;
    private static final double LONGEST_WAIT_MS = 30_000;

    @Test
    void hundredCrashLoops_leaveTheDaemonAnswering_andAreBoundedByTheBackoff() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("dies.sh", "exit 1\n");
            String apps = IntStream.range(0, APPS)
                    .mapToObj(n -> "{\"name\":\"loop" + n + "\",\"command\":\"sh dies.sh\",\"max_restarts\":-1}")
                    .collect(Collectors.joining(","));
            bunctl.write("bunctl.json", "{\"apps\":[" + apps + "]}");
            long began = System.nanoTime();
            bunctl.run("start", "--no-wait").succeeded();
            Bunctl.await(
                    () -> "every app was restarted four times",
                    () -> bunctl.status().stream().allMatch(app -> (Long) app.get("restarts") >= 4));
            bunctl.run("start", "well", "--command", "sleep 1000").succeeded();
            bunctl.run("restart", "well").succeeded();
            List<Map<String, Object>> all = bunctl.status();
            long most = mostRestarts(Duration.ofNanos(System.nanoTime() - began));
            assertEquals(APPS + 1, all.size());
            for (Map<String, Object> app : all) {
                assertTrue((Long) app.get("restarts") <= most, "at most " + most + ": " + app);
            }
            bunctl.run("stop", "all").succeeded();
            assertTrue(bunctl.status().stream().allMatch(app -> "stopped".equals(app.get("state"))));
        }
    }

    /** Restarts of one app that the shortest waits allow in some time: one is counted at each end, before its wait. */
    private static long mostRestarts(Duration elapsed) {
        double left = elapsed.toMillis();
        double wait = SHORTEST_FIRST_WAIT_MS;
        long restarts = 1;
        while (left >= wait) {
            left -= wait;
            wait = Math.min(wait * 2, LONGEST_WAIT_MS * 0.7);
            restarts++;
        }
        return restarts;
    }
}
