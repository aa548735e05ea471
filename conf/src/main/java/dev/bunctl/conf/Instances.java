package dev.bunctl.conf;

import java.util.Optional;

/**
 * How many processes run one app, how each learns its number, and what they share.
 *
 * @param count 1 to {@value #MAX}
 * @param variable the environment variable that holds the number, {@code NODE_APP_INSTANCE} as in PM2
 * @param increment an environment variable holding an integer that each instance gets its number added to, such as
 *     {@code PORT}, or empty
 * @param sharedPorts whether listening sockets of a Bun or Node program are shared by all instances ({@code
 *     reusePort}, through the preload); needs no support of the program's own
 */
public record Instances(int count, String variable, Optional<String> increment, boolean sharedPorts) {
    public static final int MAX = 1024;
    public static final String DEFAULT_VARIABLE = "NODE_APP_INSTANCE";
    public static final Instances ONE = new Instances(1, DEFAULT_VARIABLE);

    public Instances {
        if (count < 1 || count > MAX) {
            throw new IllegalArgumentException("instances must be 1 to " + MAX + ", not " + count);
        }
    }

    /** Instances that share their ports and increment nothing. */
    public Instances(int count, String variable) {
        this(count, variable, Optional.empty(), true);
    }

    /** The same with another count. */
    public Instances withCount(int other) {
        return new Instances(other, variable, increment, sharedPorts);
    }
}
