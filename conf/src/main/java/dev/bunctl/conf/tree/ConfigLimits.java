package dev.bunctl.conf.tree;

/** What a configuration may be at most. */
public final class ConfigLimits {
    /** Bytes of one file or of standard input. */
    public static final int MAX_BYTES = 32 << 20;

    /** Objects and lists within one another. */
    public static final int MAX_DEPTH = 32;

    /** Apps in one configuration. */
    public static final int MAX_APPS = 10_000;

    /** Characters of one string. */
    public static final int MAX_TEXT = 1 << 20;

    private ConfigLimits() {}
}
