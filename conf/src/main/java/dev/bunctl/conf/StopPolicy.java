package dev.bunctl.conf;

import java.time.Duration;

/**
 * How an app is ended: told, given time, then killed with all that is left of its tree.
 *
 * @param signal POSIX name, {@code SIGINT} unless given
 * @param timeout how long it may take
 * @param shutdownMessage whether it is sent the message {@code shutdown} instead of the signal
 * @param killMode whether the signal is for the whole group or for the program alone
 */
public record StopPolicy(String signal, Duration timeout, boolean shutdownMessage, KillMode killMode) {
    public static final StopPolicy DEFAULT = new StopPolicy("SIGINT", Duration.ofSeconds(5), false, KillMode.TREE);

    public StopPolicy {
        if (timeout.isNegative() || timeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("kill_timeout must be 0 to 1 h");
        }
    }

    /** Who gets the stop signal. What is left after the timeout is killed in both. */
    public enum KillMode {
        TREE,
        PROCESS
    }
}
