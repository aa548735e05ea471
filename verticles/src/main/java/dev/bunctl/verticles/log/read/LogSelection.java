package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.frame.LineFilter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Which lines of a log are wanted.
 *
 * @param lines most lines of the past
 * @param follow whether to go on with what comes
 * @param cancelled whether nobody wants any more; asked from time to time in long searches
 */
record LogSelection(
        int lines,
        boolean follow,
        LineFilter filter,
        Optional<Instant> since,
        Optional<Instant> until,
        BooleanSupplier cancelled) {

    BackwardSearch search() {
        return new BackwardSearch(lines, filter, since, until, cancelled);
    }

    boolean accepts(long millis, byte[] bytes, int from, int to) {
        return (since.isEmpty() || millis >= since.get().toEpochMilli())
                && (until.isEmpty() || millis < until.get().toEpochMilli())
                && filter.accepts(bytes, from, to);
    }
}
