package dev.bunctl.verticles.lifecycle;

import java.time.Duration;
import java.time.Instant;

/**
 * All that a step may know of the moment in which it happens.
 *
 * @param monotonic from a clock that never jumps; all waiting is counted in it
 * @param wall for people to read, and to compare with what the host recorded; it may jump
 * @param random 0 to below 1, for the jitter
 */
public record Now(Duration monotonic, Instant wall, double random) {
    public Now {
        if (!(random >= 0 && random < 1)) {
            throw new IllegalArgumentException("random from 0 to below 1 expected, not " + random);
        }
    }
}
