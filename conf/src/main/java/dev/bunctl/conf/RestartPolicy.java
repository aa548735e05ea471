package dev.bunctl.conf;

import java.time.Duration;
import java.util.Set;

/**
 * When an app that ended is started again.
 *
 * @param mode after which ends
 * @param maxRestarts most restarts within {@code window} before the app is given up; -1 never gives up
 * @param window how far back restarts are counted
 * @param minUptime how long a run must last to count as stable, which resets the backoff
 * @param delay a fixed wait before each restart, added to nothing; zero leaves it to the backoff
 * @param backoff how the wait grows
 * @param successExitCodes exit codes that count as success; 0 unless given
 * @param successSignals signals, such as {@code SIGTERM}, death by which counts as success
 * @param stopExitCodes exit codes after which the app stays stopped under every mode
 * @param stopSignals signals after death by which it does
 * @param exhausted what becomes of an app that was given up
 */
public record RestartPolicy(
        Mode mode,
        int maxRestarts,
        Duration window,
        Duration minUptime,
        Duration delay,
        Backoff backoff,
        Set<Integer> successExitCodes,
        Set<String> successSignals,
        Set<Integer> stopExitCodes,
        Set<String> stopSignals,
        Exhausted exhausted) {
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Mode.ALWAYS,
            16,
            Duration.ofMinutes(10),
            Duration.ofSeconds(1),
            Duration.ZERO,
            Backoff.DEFAULT,
            Set.of(0),
            Set.of(),
            Set.of(),
            Set.of(),
            Exhausted.STOP);

    public RestartPolicy {
        successExitCodes = Set.copyOf(successExitCodes);
        successSignals = Set.copyOf(successSignals);
        stopExitCodes = Set.copyOf(stopExitCodes);
        stopSignals = Set.copyOf(stopSignals);
        if (maxRestarts < -1) {
            throw new IllegalArgumentException("max_restarts must be -1 or more, not " + maxRestarts);
        }
    }

    /** The same under another mode. */
    public RestartPolicy with(Mode other) {
        return new RestartPolicy(
                other,
                maxRestarts,
                window,
                minUptime,
                delay,
                backoff,
                successExitCodes,
                successSignals,
                stopExitCodes,
                stopSignals,
                exhausted);
    }

    /** After which ends an app is started again. */
    public enum Mode {
        /** After every end; {@code unless-stopped} is the same, since a stopped app stays stopped under every mode. */
        ALWAYS,
        /** After an end that is no success. */
        ON_FAILURE,
        /** Never. */
        NO
    }

    /** What becomes of an app that was given up. */
    public enum Exhausted {
        STOP,
        REMOVE
    }

    /**
     * Exponential backoff.
     *
     * @param initial the first wait
     * @param multiplier by which each wait grows, 1 or more
     * @param cap the longest wait
     * @param jitter the share of a wait that is random, 0 to 1: 0.3 gives 0.7 to 1.3 of it
     */
    public record Backoff(Duration initial, double multiplier, Duration cap, double jitter) {
        public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(100), 2.0, Duration.ofSeconds(30), 0.3);

        public Backoff {
            if (initial.isNegative() || cap.compareTo(initial) < 0) {
                throw new IllegalArgumentException("backoff: 0 <= initial <= max expected");
            }
            if (!(multiplier >= 1 && multiplier <= 100) || !(jitter >= 0 && jitter <= 1)) {
                throw new IllegalArgumentException("backoff: multiplier 1 to 100 and jitter 0 to 1 expected");
            }
        }
    }
}
