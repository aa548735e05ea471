package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.RunAs;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.SpawnPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Turns what the user wants of an app into all that is settled before one of its programs is executed. */
public final class SpawnPlanner {
    /** The variable that holds the app's name. */
    public static final String APP_VARIABLE = "BUNCTL_APP";

    /** The variable that holds the number of the instance, under every {@code instance_var}. */
    public static final String INSTANCE_VARIABLE = "BUNCTL_INSTANCE";

    private static final String LIMITS = "limits.";

    /** Whether the host limits the memory of a tree. */
    static final String MEMORY = LIMITS + "memory";

    /** Whether whatever an app leaves behind can be ended with it. */
    private static final String TREE_END = "tree.end";

    /** Tells the preload to let listening sockets be shared. */
    static final String SHARE_VARIABLE = "BUNCTL_SHARE_PORT";

    /** What a supervisor told the first starter about itself is not for its apps. */
    private static final Set<String> OF_THE_STARTER = Set.of(
            Channels.NOTIFY_VARIABLE, "WATCHDOG_USEC", "WATCHDOG_PID", Channels.MESSAGES_VARIABLE, SHARE_VARIABLE);

    private static final Set<String> NODE_NAMES = Set.of("node", "nodejs");

    private final Platform platform;
    private final Preload preload;

    /** A planner without a preload: programs share no ports but by themselves. */
    public SpawnPlanner(Platform platform) {
        this(platform, Preload.NONE);
    }

    /** @param preload the script that Bun and Node are given before the app's own code, see {@code docs/app-channel.md} */
    public SpawnPlanner(Platform platform, Preload preload) {
        this.platform = platform;
        this.preload = preload;
    }

    /**
     * May block when the app runs as another user, whose numbers are then looked up.
     *
     * @param number of the instance, from 0
     * @param channel variables by which the program finds its channels, over all others
     * @throws NativeException when the plan cannot be made on this host; the call names the step
     */
    public SpawnPlan plan(AppSpec spec, int number, ProcessKey key, Map<String, String> channel)
            throws NativeException {
        refuseUnmetLimits(spec.limits());
        Optional<SpawnPlan.Credentials> credentials = credentials(spec.user());
        Map<String, String> environment = environment(
                spec, number, credentials.map(SpawnPlan.Credentials::variables).orElse(Map.of()));
        environment.putAll(channel);
        List<String> arguments = arguments(spec);
        if (arguments.size() > spec.program().arguments().size()
                && spec.instances().sharedPorts()) {
            environment.put(SHARE_VARIABLE, "1");
        }
        return new SpawnPlan(
                key,
                spec.program().executable(),
                arguments,
                environment,
                spec.directory(),
                spec.umask(),
                resources(spec.limits()),
                credentials,
                spec.limits().niceness(),
                spec.limits().outOfMemoryScore(),
                containment(spec.limits()));
    }

    private List<String> arguments(AppSpec spec) {
        List<String> own = spec.program().arguments();
        Optional<String> option = preloadOption(spec.program());
        boolean wanted = spec.instances().sharedPorts() || Channels.takesMessages(spec);
        if (!wanted || option.isEmpty()) {
            return own;
        }
        return preload.script(spec.user().isPresent())
                .map(script -> preloaded(own, option.get(), script))
                .orElse(own);
    }

    private static List<String> preloaded(List<String> own, String option, Path script) {
        List<String> all = new ArrayList<>(own.size() + 2);
        all.add(own.getFirst());
        all.add(option);
        all.add(script.toString());
        all.addAll(own.subList(1, own.size()));
        return all;
    }

    /** Whether programs like this one are given the preload when they need it. */
    public static boolean preloads(Program program) {
        return preloadOption(program).isPresent();
    }

    /** Why the instances of an app are not made to share their ports and to drain before they end, if they are not. */
    public Optional<String> unsharedPorts(AppSpec spec) {
        if (!spec.instances().sharedPorts()) {
            return Optional.of("exec_mode fork");
        }
        if (preloadOption(spec.program()).isEmpty()) {
            Path name = spec.program().executable().getFileName();
            return Optional.of("only programs that bun or node run are prepared, not " + name);
        }
        boolean lacks = spec.user().isEmpty() && preload.script(false).isEmpty();
        return lacks ? Optional.of("the preload could not be laid down") : Optional.empty();
    }

    /** Empty when the program is not the engine itself but something that may start it. */
    private static Optional<String> preloadOption(Program program) {
        Path name = program.executable().getFileName();
        String file = name == null ? "" : name.toString();
        return switch (program.engine()) {
            case BUN -> file.equals("bun") ? Optional.of("--preload") : Optional.empty();
            case NODE -> NODE_NAMES.contains(file) ? Optional.of("--require") : Optional.empty();
            case OTHER -> Optional.empty();
        };
    }

    /** Whether {@link #plan} blocks. */
    static boolean blocks(AppSpec spec) {
        return spec.user().isPresent();
    }

    /** Lowest first: the first starter's, what is said of the user it runs as, the app's own, ours. */
    private static Map<String, String> environment(AppSpec spec, int number, Map<String, String> user)
            throws NativeException {
        Map<String, String> all = new HashMap<>(spec.inheritedEnvironment());
        all.keySet().removeAll(OF_THE_STARTER);
        all.putAll(user);
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

    /** Declared limits, and the first starter's soft ones where none is declared. */
    private static List<SpawnPlan.ResourceLimit> resources(Limits limits) {
        Map<String, SpawnPlan.ResourceLimit> all = new TreeMap<>();
        limits.inherited()
                .forEach((name, soft) ->
                        all.put(name, new SpawnPlan.ResourceLimit(name, soft, SpawnPlan.ResourceLimit.KEPT)));
        limits.resources()
                .forEach(declared -> all.put(
                        declared.name(),
                        new SpawnPlan.ResourceLimit(declared.name(), declared.soft(), declared.hard())));
        return List.copyOf(all.values());
    }

    private Optional<SpawnPlan.Credentials> credentials(Optional<RunAs> user) throws NativeException {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        RunAs as = user.get();
        return Optional.of(platform.credentials(as.user(), as.group(), as.noNewPrivileges(), as.capabilities()));
    }

    private Optional<SpawnPlan.Containment> containment(Limits limits) {
        boolean offered = platform.capabilities().has(TREE_END)
                || platform.capabilities().all().stream()
                        .anyMatch(capability ->
                                capability.available() && capability.name().startsWith(LIMITS));
        if (!offered && declared(limits).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(limits(limits, false));
    }

    /** @param eased whether the soft limit is left out */
    static SpawnPlan.Containment limits(Limits limits, boolean eased) {
        return new SpawnPlan.Containment(
                limits.maxMemory(),
                eased ? Optional.empty() : limits.maxMemoryRestart(),
                limits.maxCpuPercent(),
                limits.cpuWeight(),
                limits.maxProcesses());
    }

    /** The names of the capabilities that the declared limits need. */
    static List<String> declared(Limits limits) {
        List<String> names = new ArrayList<>();
        if (limits.maxMemory().isPresent()) {
            names.add(MEMORY);
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
