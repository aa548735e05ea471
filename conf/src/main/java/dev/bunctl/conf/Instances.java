package dev.bunctl.conf;

/**
 * How many processes run one app, and how each learns its number.
 *
 * @param count 1 to {@value #MAX}
 * @param variable the environment variable that holds the number, {@code NODE_APP_INSTANCE} as in PM2
 */
public record Instances(int count, String variable) {
    public static final int MAX = 1024;
    public static final String DEFAULT_VARIABLE = "NODE_APP_INSTANCE";

    public Instances {
        if (count < 1 || count > MAX) {
            throw new IllegalArgumentException("instances must be 1 to " + MAX + ", not " + count);
        }
    }
}
