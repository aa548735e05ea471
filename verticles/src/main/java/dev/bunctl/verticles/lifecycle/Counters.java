package dev.bunctl.verticles.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is counted about one instance. Outlives daemons.
 *
 * @param generation the last number given to a process; numbers are never given twice
 * @param restarts automatic ones since the user last started it or reset the counters
 * @param attempt restarts in a row without a stable run between them; the backoff grows with it
 * @param window monotonic times of the restarts that count towards giving up, oldest first
 */
public record Counters(int generation, int restarts, int attempt, List<Duration> window) {
    /** Most restarts that are remembered; a larger {@code max_restarts} is taken as this. */
    public static final int MAX_WINDOW = 1_000;

    public static final Counters NONE = new Counters(0, 0, 0, List.of());

    public Counters {
        window = List.copyOf(window);
    }

    Counters nextGeneration() {
        return new Counters(Math.addExact(generation, 1), restarts, attempt, window);
    }

    Counters atLeastGeneration(int number) {
        return number <= generation ? this : new Counters(number, restarts, attempt, window);
    }

    /** As after a start by the user. */
    Counters cleared() {
        return new Counters(generation, 0, 0, List.of());
    }

    Counters withAttempt(int next) {
        return new Counters(generation, restarts, next, window);
    }

    /** Counts a restart that does not lead towards giving up. */
    Counters restarted() {
        return new Counters(generation, saturated(restarts), attempt, window);
    }

    /** Counts a restart that does. */
    Counters restartedAt(Duration now, Duration span) {
        List<Duration> kept = new ArrayList<>(within(now, span));
        kept.add(now);
        List<Duration> last = kept.subList(Math.max(0, kept.size() - MAX_WINDOW), kept.size());
        return new Counters(generation, saturated(restarts), attempt, last);
    }

    /** The restarts that lie less than the span behind. */
    List<Duration> within(Duration now, Duration span) {
        return window.stream().filter(at -> now.minus(at).compareTo(span) < 0).toList();
    }

    private static int saturated(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }
}
