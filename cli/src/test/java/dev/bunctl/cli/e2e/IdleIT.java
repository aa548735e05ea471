package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A daemon that has nothing to do does nothing. */
class IdleIT {
    /** Long enough for what would come once a second to be told from what comes by chance. */
    private static final Duration WATCHED = Duration.ofSeconds(12);

    /** The guard asks every ten seconds, and a client may just be leaving. */
    private static final long MOST_WAKE_UPS = 7;

    @Test
    void eventLoops_sleepUntilSomethingHappens() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long daemon = bunctl.daemonPid();
            Map<String, Long> before = wakeUps(daemon);
            LockSupport.parkNanos(WATCHED.toNanos());
            Map<String, Long> after = wakeUps(daemon);
            assertFalse(before.isEmpty());
            before.forEach((thread, count) -> {
                long more = after.getOrDefault(thread, count) - count;
                assertTrue(more <= MOST_WAKE_UPS, () -> thread + " woke " + more + " times in " + WATCHED);
            });
        }
    }

    /** How often each event loop has waited, see proc_pid_status(5). */
    private static Map<String, Long> wakeUps(long pid) {
        Map<String, Long> found = new TreeMap<>();
        File[] threads = Path.of("/proc", Long.toString(pid), "task").toFile().listFiles();
        for (File thread : threads == null ? new File[0] : threads) {
            String name = Bunctl.read(thread.toPath().resolve("comm")).strip();
            if (name.startsWith("vert.x-event") || name.startsWith("vert.x-accep")) {
                List<String> lines =
                        Bunctl.read(thread.toPath().resolve("status")).lines().toList();
                lines.stream()
                        .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                        .forEach(line -> found.put(name, Long.parseLong(line.replaceAll("[^0-9]", ""))));
            }
        }
        return found;
    }
}
