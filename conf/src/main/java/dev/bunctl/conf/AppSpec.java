package dev.bunctl.conf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user wants of one app, resolved: nothing in it depends on the folder, the environment or the rights of
 * whoever reads it later.
 *
 * @param name 1 to {@value AppName#MAX_LENGTH} characters, see {@link AppName}
 * @param namespace groups apps for commands, {@code default} unless given
 * @param program what is executed
 * @param directory absolute working directory
 * @param environment what the user declared for this app, over {@link #inheritedEnvironment}
 * @param inheritedEnvironment the first starter's environment
 * @param umask the first starter's, unless declared
 * @param instances how many, and how they are told apart
 * @param autoStart whether the app starts with the daemon
 * @param restart when it is started again
 * @param stop how it is ended
 * @param readiness when it counts as up
 * @param health how it is watched, or empty
 * @param limits what it may use
 * @param user who it runs as, or empty for the daemon's own user
 * @param logs where its output goes
 * @param dependencies what must be up before it
 * @param cronRestart a cron expression at which it is restarted, or empty
 * @param watch which file changes restart it, or empty
 * @param sources where each value that was given comes from, by its field in a configuration (a variable as {@code env.NAME}): a file
 *     with line and column, an option, a command. What is not named has its default. Says nothing about what the app is
 */
public record AppSpec(
        AppName name,
        String namespace,
        Program program,
        Path directory,
        Map<String, String> environment,
        Map<String, String> inheritedEnvironment,
        int umask,
        Instances instances,
        boolean autoStart,
        RestartPolicy restart,
        StopPolicy stop,
        Readiness readiness,
        Optional<HealthCheck> health,
        Limits limits,
        Optional<RunAs> user,
        LogPolicy logs,
        List<Dependency> dependencies,
        Optional<CronRestart> cronRestart,
        Optional<WatchPolicy> watch,
        Map<String, String> sources) {
    public AppSpec {
        environment = Map.copyOf(environment);
        inheritedEnvironment = Map.copyOf(inheritedEnvironment);
        dependencies = List.copyOf(dependencies);
        sources = Map.copyOf(sources);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("cwd must be absolute: " + directory);
        }
    }

    /** An app of which nobody knows where its values come from. */
    public AppSpec(
            AppName name,
            String namespace,
            Program program,
            Path directory,
            Map<String, String> environment,
            Map<String, String> inheritedEnvironment,
            int umask,
            Instances instances,
            boolean autoStart,
            RestartPolicy restart,
            StopPolicy stop,
            Readiness readiness,
            Optional<HealthCheck> health,
            Limits limits,
            Optional<RunAs> user,
            LogPolicy logs,
            List<Dependency> dependencies,
            Optional<CronRestart> cronRestart,
            Optional<WatchPolicy> watch) {
        this(
                name,
                namespace,
                program,
                directory,
                environment,
                inheritedEnvironment,
                umask,
                instances,
                autoStart,
                restart,
                stop,
                readiness,
                health,
                limits,
                user,
                logs,
                dependencies,
                cronRestart,
                watch,
                Map.of());
    }

    /** The same app with other sources. */
    public AppSpec withSources(Map<String, String> others) {
        return new AppSpec(
                name,
                namespace,
                program,
                directory,
                environment,
                inheritedEnvironment,
                umask,
                instances,
                autoStart,
                restart,
                stop,
                readiness,
                health,
                limits,
                user,
                logs,
                dependencies,
                cronRestart,
                watch,
                others);
    }

    /** The same app under other limits. */
    public AppSpec withLimits(Limits others) {
        return with(environment, inheritedEnvironment, instances, restart, others, logs, watch);
    }

    /** The same app with other files watched. */
    public AppSpec withWatch(WatchPolicy policy) {
        return with(environment, inheritedEnvironment, instances, restart, limits, logs, Optional.of(policy));
    }

    /** The same app in other environments. */
    public AppSpec withEnvironments(Map<String, String> declared, Map<String, String> inherited) {
        return with(declared, inherited, instances, restart, limits, logs, watch);
    }

    /** The same app with other instances. */
    public AppSpec withInstances(Instances other) {
        return with(environment, inheritedEnvironment, other, restart, limits, logs, watch);
    }

    private AppSpec with(
            Map<String, String> declared,
            Map<String, String> inherited,
            Instances slots,
            RestartPolicy restarts,
            Limits bounds,
            LogPolicy output,
            Optional<WatchPolicy> watched) {
        return new AppSpec(
                name,
                namespace,
                program,
                directory,
                declared,
                inherited,
                umask,
                slots,
                autoStart,
                restarts,
                stop,
                readiness,
                health,
                bounds,
                user,
                output,
                dependencies,
                cronRestart,
                watched,
                sources);
    }

    /** The same app under another restart policy. */
    public AppSpec withRestart(RestartPolicy other) {
        return with(environment, inheritedEnvironment, instances, other, limits, logs, watch);
    }

    /** The same app with its output elsewhere. */
    public AppSpec withLogs(LogPolicy other) {
        return with(environment, inheritedEnvironment, instances, restart, limits, other, watch);
    }
}
