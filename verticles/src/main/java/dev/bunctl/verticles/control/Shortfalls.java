package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.Readiness;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.Capabilities.Capability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What specifications ask for and this daemon does not do, in sentences for the user: nothing is left out in silence. */
final class Shortfalls {
    /** What is done instead. */
    private static final String SAMPLED = ", only sampled";

    private Shortfalls() {}

    /** Sentences for each app of which something is not done. */
    static List<String> of(Capabilities capabilities, Collection<AppSpec> specs) {
        List<String> warnings = limits(capabilities, specs);
        for (AppSpec spec : specs) {
            List<String> unwatched = unwatched(spec);
            if (!unwatched.isEmpty()) {
                warnings.add("%s: not watched yet: %s".formatted(spec.name(), String.join("; ", unwatched)));
            }
        }
        return warnings;
    }

    /** The same, of limits alone. */
    static List<String> limits(Capabilities capabilities, Collection<AppSpec> specs) {
        List<String> warnings = new ArrayList<>();
        for (AppSpec spec : specs) {
            List<String> missing = unenforced(capabilities, spec.limits());
            if (!missing.isEmpty()) {
                warnings.add("%s: not enforced here: %s".formatted(spec.name(), String.join("; ", missing)));
            }
        }
        return warnings;
    }

    private static List<String> unwatched(AppSpec spec) {
        List<String> names = new ArrayList<>();
        switch (spec.readiness().sign()) {
            case Readiness.Message _ -> names.add("the message 'ready' of wait_ready");
            case Readiness.Notify _ -> names.add("READY=1 of sd_notify");
            case Readiness.Alive _, Readiness.Port _, Readiness.Http _, Readiness.LogLine _ -> {}
        }
        if (spec.stop().shutdownMessage()) {
            names.add("shutdown_with_message (the stop signal is sent)");
        }
        if (spec.watch().isPresent()) {
            names.add("watch");
        }
        return names;
    }

    /** The limits of one app that are not enforced, each with its cause. */
    static List<String> unenforced(Capabilities capabilities, Limits limits) {
        List<String> missing = new ArrayList<>();
        add(missing, capabilities, limits.maxMemory().isPresent(), "max_memory" + SAMPLED, "limits.memory");
        add(missing, capabilities, limits.maxCpuPercent().isPresent(), "max_cpu_percent", "limits.cpu");
        add(missing, capabilities, limits.cpuWeight().isPresent(), "cpu_weight", "limits.cpu");
        add(missing, capabilities, limits.maxProcesses().isPresent(), "max_pids", "limits.processes");
        return missing;
    }

    private static void add(
            List<String> missing, Capabilities capabilities, boolean wanted, String name, String capability) {
        if (!wanted || capabilities.has(capability)) {
            return;
        }
        Optional<Capability> found = capabilities.find(capability);
        missing.add(found.isPresent() ? name + " (" + found.get().cause() + ")" : name);
    }
}
