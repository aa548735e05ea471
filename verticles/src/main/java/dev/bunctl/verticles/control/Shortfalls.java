package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.Capabilities.Capability;
import dev.bunctl.verticles.supervisor.Channels;
import dev.bunctl.verticles.supervisor.SpawnPlanner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What specifications ask for and this daemon does not do, in sentences for the user: nothing is left out in silence. */
final class Shortfalls {
    /** What is done instead. */
    private static final String SAMPLED = ", only sampled";

    private static final String PORT = "PORT";

    private Shortfalls() {}

    /** Sentences for each app of which something is not done. */
    static List<String> of(Capabilities capabilities, Collection<AppSpec> specs) {
        List<String> warnings = limits(capabilities, specs);
        for (AppSpec spec : specs) {
            alone(spec).ifPresent(sentence -> warnings.add(spec.name() + ": " + sentence));
            unheard(spec).ifPresent(sentence -> warnings.add(spec.name() + ": " + sentence));
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

    /** What a reload cannot promise for an app. */
    static String lossyReload(AppSpec spec, String why) {
        return "%s: requests may have been lost: nothing drains it (%s), so that depends on the app alone"
                .formatted(spec.name(), why);
    }

    /** What gets no preload can share a port only by itself, and most programs do not. */
    private static Optional<String> alone(AppSpec spec) {
        Instances instances = spec.instances();
        boolean onePort =
                spec.environment().containsKey(PORT) && instances.increment().isEmpty();
        boolean shared = instances.sharedPorts() && SpawnPlanner.preloads(spec.program());
        if (instances.count() < 2 || !onePort || shared) {
            return Optional.empty();
        }
        return Optional.of(
                "its %d instances share PORT only if %s itself listens with SO_REUSEPORT; \"increment_var\": \"PORT\" gives each its own"
                        .formatted(
                                instances.count(), spec.program().executable().getFileName()));
    }

    /** What gets no preload has no process.send. */
    private static Optional<String> unheard(AppSpec spec) {
        if (!Channels.takesMessages(spec) || SpawnPlanner.preloads(spec.program())) {
            return Optional.empty();
        }
        return Optional.of("%s is neither bun nor node: it is heard and told only if it uses $%s itself"
                .formatted(spec.program().executable().getFileName(), Channels.MESSAGES_VARIABLE));
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
