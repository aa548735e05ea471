package dev.bunctl.verticles.lifecycle;

import dev.bunctl.os.api.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;

/**
 * One process that was executed.
 *
 * @param number counts the processes of the slot, from 1
 * @param identity pid and start time
 * @param since monotonic time at which it was executed
 * @param startedAt the same by the wall clock
 */
public record Generation(int number, ProcessIdentity identity, Duration since, Instant startedAt) {
    /**
     * How long it ran.
     *
     * @param ended when it ended by the host's wall clock, which may lie well before now when nobody was there to see
     */
    Duration uptime(Instant ended, Now now) {
        Duration missed = Duration.between(ended, now.wall());
        Duration total = now.monotonic().minus(since);
        Duration uptime = missed.isNegative() ? total : total.minus(missed);
        return uptime.isNegative() ? Duration.ZERO : uptime;
    }
}
