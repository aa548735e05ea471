package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;

/** In what a specification differs from the one that was known. */
enum Novelty {
    NONE,
    /** Only in limits, which change while the app runs. */
    LIMITS,
    /** In what a running process keeps until its end. */
    MORE;

    static Novelty of(AppSpec before, AppSpec spec) {
        // That a value stands in another line now is nothing that a process would notice.
        AppSpec known = before.withSources(spec.sources());
        if (known.equals(spec)) {
            return NONE;
        }
        AppSpec limited = known.withLimits(known.limits().liveAs(spec.limits()));
        return limited.equals(spec) ? LIMITS : MORE;
    }
}
