package dev.bunctl.conf;

import java.util.List;
import java.util.Map;
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
 * @param inherited the first starter's soft POSIX limits by name, -1 for none; declared ones come before them
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
        OptionalInt outOfMemoryScore,
        Map<String, Long> inherited) {
    public static final Limits NONE = new Limits(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Map.of());

    /** Largest share of processors, in percent of one core. */
    public static final double MAX_CPU_PERCENT = 1_000_000;

    /** Largest weight, as the kernel takes it. */
    public static final int MAX_CPU_WEIGHT = 10_000;

    /** Most processes and threads: the kernel numbers no more. */
    public static final int MAX_PROCESSES = 4_194_304;

    public Limits {
        resources = List.copyOf(resources);
        inherited = Map.copyOf(inherited);
        require(maxMemory.isEmpty() || maxMemory.get() > 0, "max_memory above 0");
        require(maxMemoryRestart.isEmpty() || maxMemoryRestart.get() > 0, "max_memory_restart above 0");
        require(
                maxCpuPercent.isEmpty() || (maxCpuPercent.get() > 0 && maxCpuPercent.get() <= MAX_CPU_PERCENT),
                "max_cpu_percent above 0 and up to " + (long) MAX_CPU_PERCENT);
        require(within(cpuWeight, MAX_CPU_WEIGHT), "cpu_weight 1 to " + MAX_CPU_WEIGHT);
        require(within(maxProcesses, MAX_PROCESSES), "max_pids 1 to " + MAX_PROCESSES);
    }

    private static boolean within(OptionalInt value, int most) {
        return value.isEmpty() || (value.getAsInt() >= 1 && value.getAsInt() <= most);
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(expected + " expected");
        }
    }

    /**
     * The same limits with some of them changed.
     *
     * @throws IllegalArgumentException when a value is out of its bounds
     */
    public Limits with(LimitChanges changes) {
        return new Limits(
                changes.maxMemory().over(maxMemory),
                changes.maxMemoryRestart().over(maxMemoryRestart),
                changes.maxCpuPercent().over(maxCpuPercent),
                over(changes.cpuWeight(), cpuWeight),
                over(changes.maxProcesses(), maxProcesses),
                strict,
                resources,
                niceness,
                outOfMemoryScore,
                inherited);
    }

    private static OptionalInt over(LimitChanges.Wish<Integer> wish, OptionalInt former) {
        Optional<Integer> boxed = former.isPresent() ? Optional.of(former.getAsInt()) : Optional.empty();
        return wish.over(boxed).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** These, but as the others where that can be changed while an app runs. */
    public Limits liveAs(Limits others) {
        return new Limits(
                others.maxMemory,
                others.maxMemoryRestart,
                others.maxCpuPercent,
                others.cpuWeight,
                others.maxProcesses,
                others.strict,
                resources,
                niceness,
                outOfMemoryScore,
                inherited);
    }

    /** Whether they differ in what can be changed while an app runs. */
    public boolean differsLive(Limits others) {
        return !equals(liveAs(others));
    }

    /** A POSIX resource limit by its lower-case name such as {@code nofile}; -1 is none. */
    public record Resource(String name, long soft, long hard) {}
}
