package dev.bunctl.verticles.lifecycle;

import dev.bunctl.os.api.ExitStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One end of one process, or of the attempt to have one.
 *
 * @param generation which process
 * @param pid its process id, 0 when it was never executed
 * @param at when, by the wall clock
 * @param cause why it ended
 * @param status how it ended, empty when it was never executed
 * @param uptime how long it ran
 * @param decision what follows, and why
 * @param lastLines the end of its stderr, oldest first
 */
public record Ending(
        int generation,
        long pid,
        Instant at,
        Cause cause,
        Optional<ExitStatus> status,
        Duration uptime,
        String decision,
        List<String> lastLines) {
    public Ending {
        lastLines = List.copyOf(lastLines);
    }

    Ending withLines(List<String> lines) {
        return new Ending(generation, pid, at, cause, status, uptime, decision, lines);
    }
}
