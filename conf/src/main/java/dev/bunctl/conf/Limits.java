package dev.bunctl.conf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an app may use, for each instance.
 *
 * @param maxMemory bytes at which it is killed
 * @param maxMemoryRestart bytes at which it is restarted gracefully
 * @param maxCpuPercent 100 is one core
 * @param cpuWeight 1 to 10000
 * @param maxProcesses most processes and threads
 * @param strict whether a limit that this host cannot enforce refuses the start
 * @param resources POSIX resource limits
 * @param niceness -20 to 19
 * @param outOfMemoryScore -1000 to 1000
 */
public record Limits(
        Optional<Long> maxMemory,
        Optional<Long> maxMemoryRestart,
        Optional<Double> maxCpuPercent,
        OptionalInt cpuWeight,
        OptionalInt maxProcesses,
        boolean strict,
        List<Resource> resources,
        OptionalInt niceness,
        OptionalInt outOfMemoryScore) {
    public static final Limits NONE = new Limits(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty());

    public Limits {
        resources = List.copyOf(resources);
    }

    /** A POSIX resource limit by its lower-case name such as {@code nofile}; -1 is none. */
    public record Resource(String name, long soft, long hard) {}
}
