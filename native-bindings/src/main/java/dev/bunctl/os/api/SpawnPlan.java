package dev.bunctl.os.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All that is settled before a program is executed. Nothing in it is ever seen by a shell.
 *
 * @param key the slot and generation it is for
 * @param executable absolute path of the program
 * @param argv the argument vector, the program's own name first; never empty
 * @param environment the whole environment, nothing is added to it
 * @param directory absolute working directory
 * @param umask file mode creation mask, 0 to 0777
 * @param limits resource limits to set; others are inherited from the daemon's first starter
 * @param credentials who to become, or empty to stay
 * @param niceness scheduling niceness, -20 to 19, or empty to stay
 * @param outOfMemoryScore -1000 (never killed) to 1000 (killed first), or empty to stay
 * @param containment where its tree is held, or empty where the platform offers no place
 */
public record SpawnPlan(
        ProcessKey key,
        Path executable,
        List<String> argv,
        Map<String, String> environment,
        Path directory,
        int umask,
        List<ResourceLimit> limits,
        Optional<Credentials> credentials,
        OptionalInt niceness,
        OptionalInt outOfMemoryScore,
        Optional<Containment> containment) {
    public SpawnPlan {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        limits = List.copyOf(limits);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("argv must name the program");
        }
        if (!executable.isAbsolute() || !directory.isAbsolute()) {
            throw new IllegalArgumentException("absolute paths expected: " + executable + ", " + directory);
        }
        if (umask < 0 || umask > 0777) {
            throw new IllegalArgumentException("umask 0 to 0777 expected");
        }
    }

    /**
     * A limit by its POSIX name.
     *
     * @param resource such as {@code nofile} or {@code core}
     * @param soft in the resource's own unit; -1 for none
     * @param hard in the resource's own unit; -1 for none, {@link #KEPT} for the one there is
     */
    public record ResourceLimit(String resource, long soft, long hard) {
        /** As hard limit: the one there is stays, and a soft limit above it is lowered to it. */
        public static final long KEPT = -2;
    }

    /**
     * Who the program runs as.
     *
     * @param user numeric user id
     * @param group numeric primary group id
     * @param groups numeric supplementary groups
     * @param noNewPrivileges whether the program may never gain privileges
     * @param keptCapabilities names of the privileges it may keep; all others are dropped; empty drops all
     * @param variables what an environment says of this user, such as HOME; empty for a number without a name
     */
    public record Credentials(
            int user,
            int group,
            List<Integer> groups,
            boolean noNewPrivileges,
            List<String> keptCapabilities,
            Map<String, String> variables) {
        public Credentials {
            groups = List.copyOf(groups);
            keptCapabilities = List.copyOf(keptCapabilities);
            variables = Map.copyOf(variables);
        }
    }

    /**
     * Where the tree of this generation is held, so that it can be limited and ended as a whole.
     *
     * @param maxMemoryBytes hard limit
     * @param softMemoryBytes when passed, the daemon is told
     * @param maxCpuPercent 100 is one core
     * @param cpuWeight relative share, 1 to 10000
     * @param maxProcesses most processes and threads
     */
    public record Containment(
            Optional<Long> maxMemoryBytes,
            Optional<Long> softMemoryBytes,
            Optional<Double> maxCpuPercent,
            OptionalInt cpuWeight,
            OptionalInt maxProcesses) {}
}
