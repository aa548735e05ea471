package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;

/** In what a specification differs from the one that was known. */
enum Novelty {
    NONE,
    /** Only in limits, which change while the app runs. */
    LIMITS,
    /** In what a running process keeps until its end. */
    MORE;

    static Novelty of(AppSpec known, AppSpec spec) {
        if (known.equals(spec)) {
            return NONE;
        }
        AppSpec limited = known.withLimits(known.limits().liveAs(spec.limits()));
        return limited.equals(spec) ? LIMITS : MORE;
    }
}
