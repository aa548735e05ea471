package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.RunAs;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.SpawnPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what the user wants of an app into all that is settled before one of its programs is executed. */
public final class SpawnPlanner {
    /** The variable that holds the app's name. */
    public static final String APP_VARIABLE = "BUNCTL_APP";

    /** The variable that holds the number of the instance, under every {@code instance_var}. */
    public static final String INSTANCE_VARIABLE = "BUNCTL_INSTANCE";

    private static final String LIMITS = "limits.";

    private final Platform platform;

    public SpawnPlanner(Platform platform) {
        this.platform = platform;
    }

    /**
     * May block when the app runs as another user, whose numbers are then looked up.
     *
     * @param number of the instance, from 0
     * @throws NativeException when the plan cannot be made on this host; the call names the step
     */
    public SpawnPlan plan(AppSpec spec, int number, ProcessKey key) throws NativeException {
        refuseUnmetLimits(spec.limits());
        return new SpawnPlan(
                key,
                spec.program().executable(),
                spec.program().arguments(),
                environment(spec, number),
                spec.directory(),
                spec.umask(),
                resources(spec.limits()),
                credentials(spec.user()),
                spec.limits().niceness(),
                spec.limits().outOfMemoryScore(),
                containment(spec.limits()));
    }

    /** Whether {@link #plan} blocks. */
    static boolean blocks(AppSpec spec) {
        return spec.user().isPresent();
    }

    /** Lowest first: the first starter's, the app's own, ours. */
    static Map<String, String> environment(AppSpec spec, int number) throws NativeException {
        Map<String, String> all = new HashMap<>(spec.inheritedEnvironment());
        all.putAll(spec.environment());
        if (spec.instances().increment().isPresent()) {
            increment(all, spec.instances().increment().get(), number);
        }
        all.put(spec.instances().variable(), Integer.toString(number));
        all.put(APP_VARIABLE, spec.name().value());
        all.put(INSTANCE_VARIABLE, Integer.toString(number));
        return all;
    }

    private static void increment(Map<String, String> all, String variable, int number) throws NativeException {
        String base = all.get(variable);
        if (base == null) {
            throw new NativeException("environment", 0, "increment_var " + variable + " is not set");
        }
        try {
            all.put(variable, Long.toString(Math.addExact(Long.parseLong(base.strip()), number)));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new NativeException("environment", 0, "increment_var " + variable + " holds no number: " + base);
        }
    }

    private static List<SpawnPlan.ResourceLimit> resources(Limits limits) {
        return limits.resources().stream()
                .map(resource -> new SpawnPlan.ResourceLimit(resource.name(), resource.soft(), resource.hard()))
                .toList();
    }

    private Optional<SpawnPlan.Credentials> credentials(Optional<RunAs> user) throws NativeException {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        RunAs as = user.get();
        return Optional.of(platform.credentials(as.user(), as.group(), as.noNewPrivileges(), as.capabilities()));
    }

    private Optional<SpawnPlan.Containment> containment(Limits limits) {
        boolean offered = platform.capabilities().all().stream()
                .anyMatch(capability ->
                        capability.available() && capability.name().startsWith(LIMITS));
        if (!offered && declared(limits).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SpawnPlan.Containment(
                limits.maxMemory(),
                limits.maxMemoryRestart(),
                limits.maxCpuPercent(),
                limits.cpuWeight(),
                limits.maxProcesses()));
    }

    /** The names of the capabilities that the declared limits need. */
    static List<String> declared(Limits limits) {
        List<String> names = new ArrayList<>();
        if (limits.maxMemory().isPresent()) {
            names.add(LIMITS + "memory");
        }
        if (limits.maxCpuPercent().isPresent() || limits.cpuWeight().isPresent()) {
            names.add(LIMITS + "cpu");
        }
        if (limits.maxProcesses().isPresent()) {
            names.add(LIMITS + "processes");
        }
        return names;
    }

    private void refuseUnmetLimits(Limits limits) throws NativeException {
        if (!limits.strict()) {
            return;
        }
        for (String name : declared(limits)) {
            Optional<Capabilities.Capability> found = platform.capabilities().find(name);
            if (found.isEmpty() || !found.get().available()) {
                String cause = found.map(Capabilities.Capability::cause).orElse("this platform knows no such limit");
                throw new NativeException("limits", 0, "strict limits: " + name + " cannot be enforced: " + cause);
            }
        }
    }
}
