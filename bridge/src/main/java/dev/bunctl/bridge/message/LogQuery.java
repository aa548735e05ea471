package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.Optional;

/**
 * Which lines of the logs, and how.
 *
 * @param lines most lines from the past, for each app; 0 for none
 * @param follow whether new lines are sent as they come
 * @param stdout whether stdout is read
 * @param stderr whether stderr is read
 * @param since only lines that arrived then or later
 * @param until only lines that arrived before
 * @param pattern only lines that contain this regular expression
 */
public record LogQuery(
        int lines,
        boolean follow,
        boolean stdout,
        boolean stderr,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> pattern) {
    public static final int DEFAULT_LINES = 15;
    public static final int MAX_LINES = 1_000_000;

    public LogQuery {
        if (lines < 0 || lines > MAX_LINES) {
            throw new IllegalArgumentException("lines must be 0 to " + MAX_LINES);
        }
    }
}
