package dev.bunctl.verticles.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One end of one process, or of the attempt to have one.
 *
 * @param generation which process
 * @param pid its process id, 0 when it was never executed
 * @param at when, by the wall clock
 * @param cause how and why it ended
 * @param uptime how long it ran
 * @param decision what follows, and why
 * @param lastLines the end of its stderr, oldest first
 */
public record Ending(
        int generation, long pid, Instant at, String cause, Duration uptime, String decision, List<String> lastLines) {
    public Ending {
        lastLines = List.copyOf(lastLines);
    }

    Ending withLines(List<String> lines) {
        return new Ending(generation, pid, at, cause, uptime, decision, lines);
    }
}
