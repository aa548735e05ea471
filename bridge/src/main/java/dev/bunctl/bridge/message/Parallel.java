package dev.bunctl.bridge.message;

import dev.bunctl.conf.Instances;

/** How many instances of an app are worked on at a time. */
public final class Parallel {
    public static final int MAX = Instances.MAX;

    private Parallel() {}

    static void check(int parallel) {
        if (parallel < 1 || parallel > MAX) {
            throw new IllegalArgumentException("parallel: 1 to " + MAX + " expected, not " + parallel);
        }
    }
}
