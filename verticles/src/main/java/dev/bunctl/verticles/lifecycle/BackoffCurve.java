package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.RestartPolicy.Backoff;
import java.time.Duration;

/** How long to wait before a restart. */
final class BackoffCurve {
    private static final double NANOS_PER_SECOND = 1e9;

    private BackoffCurve() {}

    /**
     * The wait before a restart: {@code initial * multiplier^attempt}, at most the cap, spread by the jitter.
     *
     * @param attempt restarts already made in a row, from 0
     * @param random 0 to below 1
     */
    static Duration wait(Backoff backoff, int attempt, double random) {
        double cap = seconds(backoff.cap());
        double grown = seconds(backoff.initial()) * Math.pow(backoff.multiplier(), attempt);
        double capped = Math.min(cap, grown);
        double spread = 1 - backoff.jitter() + 2 * backoff.jitter() * random;
        return Duration.ofNanos(Math.round(capped * spread * NANOS_PER_SECOND));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
