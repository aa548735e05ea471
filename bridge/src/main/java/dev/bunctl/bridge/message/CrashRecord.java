package dev.bunctl.bridge.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One end of one process.
 *
 * @param instance {@code api:0}
 * @param cause such as {@code exit code 1}, {@code signal SIGSEGV}, {@code stopped by user}
 * @param decision what was done about it, and why
 * @param lastLines the end of its stderr
 */
public record CrashRecord(
        Instant at,
        String instance,
        int generation,
        long pid,
        String cause,
        Duration uptime,
        String decision,
        List<String> lastLines) {
    public CrashRecord {
        lastLines = List.copyOf(lastLines);
    }
}
