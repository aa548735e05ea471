package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.Capabilities.Capability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Limits that were asked for and that this host does not enforce. */
final class LimitWarnings {
    private LimitWarnings() {}

    /** A sentence for each app that has such limits. */
    static List<String> of(Capabilities capabilities, Collection<AppSpec> specs) {
        List<String> warnings = new ArrayList<>();
        for (AppSpec spec : specs) {
            List<String> missing = unenforced(capabilities, spec.limits());
            if (!missing.isEmpty()) {
                warnings.add("%s: not enforced here: %s".formatted(spec.name(), String.join("; ", missing)));
            }
        }
        return warnings;
    }

    /** The limits of one app that are not enforced, each with its cause. */
    static List<String> unenforced(Capabilities capabilities, Limits limits) {
        List<String> missing = new ArrayList<>();
        add(missing, capabilities, limits.maxMemory().isPresent(), "max_memory", "limits.memory");
        add(missing, capabilities, limits.maxMemoryRestart().isPresent(), "max_memory_restart", "limits.memory");
        add(missing, capabilities, limits.maxCpuPercent().isPresent(), "max_cpu_percent", "limits.cpu");
        add(missing, capabilities, limits.cpuWeight().isPresent(), "cpu_weight", "limits.cpu");
        add(missing, capabilities, limits.maxProcesses().isPresent(), "max_processes", "limits.processes");
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
