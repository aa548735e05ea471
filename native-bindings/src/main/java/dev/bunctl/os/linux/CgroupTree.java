package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Account;
import dev.bunctl.os.api.Processes.MemoryAccount;
import dev.bunctl.os.api.SpawnPlan.Containment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One group for each generation: {@code <base>/app-<name>/<instance>/<generation>}. Making, limiting and removing are a
 * few short writes each; may be called from any thread.
 */
final class CgroupTree {
    private static final System.Logger LOG = System.getLogger(CgroupTree.class.getName());
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    private static final String NO_LIMIT = "max";

    /** Of cpu.max, in microseconds; the kernel's default. */
    private static final long CPU_PERIOD = 100_000;

    /** The kernel takes no quota below a millisecond. */
    private static final long MIN_CPU_QUOTA = 1_000;

    private static final long NANOS_PER_MICRO = 1_000;

    /** App, instance and generation. */
    private static final int GENERATION_DEPTH = 3;

    private final Path base;
    private final Set<String> controllers;

    CgroupTree(CgroupBase.Result.Found found) {
        base = found.base();
        controllers = Set.copyOf(found.controllers());
    }

    Path path(ProcessKey key) {
        int colon = key.instance().lastIndexOf(':');
        String app = colon < 0 ? key.instance() : key.instance().substring(0, colon);
        String slot = colon < 0 ? "0" : key.instance().substring(colon + 1);
        return base.resolve("app-" + escaped(app)).resolve(escaped(slot)).resolve(Integer.toString(key.generation()));
    }

    /** A folder name: every byte outside {@code [A-Za-z0-9_-]} as {@code %XX}. */
    static String escaped(String name) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = PLAIN.indexOf(each) >= 0;
            escaped.append(plain ? String.valueOf((char) each) : String.format("%%%02X", each));
        }
        return escaped.toString();
    }

    /** Makes the group with its limits, to be joined before exec. */
    synchronized Path create(ProcessKey key, Containment containment) throws NativeException {
        Path group = path(key);
        boolean first = !Files.exists(base); // a daemon that made room for this one has taken it away
        try {
            Files.createDirectories(group);
        } catch (IOException e) {
            throw new NativeException("cgroup", 0, group + " cannot be made: " + e.getMessage());
        }
        if (first) {
            var _ = CgroupBase.enable(base);
        }
        Path inBase = base.relativize(group);
        for (int depth = 1; depth < GENERATION_DEPTH; depth++) {
            var _ = CgroupBase.enable(base.resolve(inBase.subpath(0, depth)));
        }
        limit(key, containment);
        return group;
    }

    /** Sets all limits, the missing ones to none. Limits without their controller are passed over. */
    synchronized void limit(ProcessKey key, Containment containment) throws NativeException {
        Path group = path(key);
        if (controllers.contains("memory")) {
            KernelFile.write(group.resolve("memory.high"), text(containment.softMemoryBytes()));
            KernelFile.write(group.resolve("memory.max"), text(containment.maxMemoryBytes()));
            KernelFile.write(
                    group.resolve("memory.oom.group"),
                    containment.maxMemoryBytes().isPresent() ? "1" : "0");
            limitSwap(group, containment.maxMemoryBytes().isPresent());
        }
        if (controllers.contains("cpu")) {
            KernelFile.write(group.resolve("cpu.max"), cpuMax(containment.maxCpuPercent()));
            KernelFile.write(group.resolve("cpu.weight"), text(containment.cpuWeight(), "100"));
        }
        if (controllers.contains("pids")) {
            KernelFile.write(group.resolve("pids.max"), text(containment.maxProcesses(), NO_LIMIT));
        }
    }

    /** A limit that lets everything above it be swapped out would be none. Kernels without swap have no such file. */
    private static void limitSwap(Path group, boolean limited) throws NativeException {
        Path swap = group.resolve("memory.swap.max");
        if (Files.exists(swap)) {
            KernelFile.write(swap, limited ? "0" : NO_LIMIT);
        }
    }

    private static String text(Optional<Long> limit) {
        return limit.map(Object::toString).orElse(NO_LIMIT);
    }

    private static String text(OptionalInt limit, String none) {
        return limit.isPresent() ? Integer.toString(limit.getAsInt()) : none;
    }

    /** 100 percent is one core. */
    static String cpuMax(Optional<Double> percent) {
        return percent.map(of -> Math.max(MIN_CPU_QUOTA, Math.round(of / 100 * CPU_PERIOD)) + " ")
                        .orElse(NO_LIMIT + " ")
                + CPU_PERIOD;
    }

    boolean exists(ProcessKey key) {
        return Files.isDirectory(path(key));
    }

    /** Whether any process is left in it; a group that is gone has none. */
    boolean populated(ProcessKey key) {
        return populated(path(key));
    }

    boolean populated(Path group) {
        return counters(group, "cgroup.events").getOrDefault("populated", 0L) != 0;
    }

    /** How often the hard limit ended a process, or all of them, so far. */
    long memoryKills(ProcessKey key) {
        return counters(path(key), "memory.events").getOrDefault("oom_kill", 0L);
    }

    /** How often the soft limit was passed so far. */
    long softMemoryPasses(ProcessKey key) {
        return counters(path(key), "memory.events").getOrDefault("high", 0L);
    }

    private static Map<String, Long> counters(Path group, String file) {
        return KernelFile.counters(KernelFile.tryRead(group.resolve(file)).orElse(""));
    }

    Optional<Account> account(ProcessKey key) {
        Path group = path(key);
        if (!Files.isDirectory(group)) {
            return Optional.empty();
        }
        Map<String, Long> cpu = counters(group, "cpu.stat");
        return Optional.of(new Account(
                cpu.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
                cpu.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO,
                memory(group),
                value(group, "pids.current")
                        .map(count -> OptionalInt.of(Math.toIntExact(count)))
                        .orElseGet(OptionalInt::empty),
                pressure(group, "cpu.pressure"),
                pressure(group, "memory.pressure"),
                pressure(group, "io.pressure")));
    }

    private static Optional<MemoryAccount> memory(Path group) {
        return value(group, "memory.current").map(bytes -> {
            Map<String, Long> memory = counters(group, "memory.stat");
            long held = memory.getOrDefault("anon", 0L)
                    + memory.getOrDefault("shmem", 0L)
                    + value(group, "memory.swap.current").orElse(0L);
            // memory.peak is there from Linux 5.19 on.
            Optional<Long> peak = value(group, "memory.peak");
            return new MemoryAccount(bytes, held, peak.map(OptionalLong::of).orElseGet(OptionalLong::empty));
        });
    }

    private static Optional<Long> value(Path group, String file) {
        return KernelFile.tryRead(group.resolve(file)).flatMap(KernelFile::number);
    }

    private static double pressure(Path group, String file) {
        return averagePressure(KernelFile.tryRead(group.resolve(file)).orElse(""));
    }

    /** The ten-second average of the line {@code some avg10=1.23 …}. */
    static double averagePressure(String text) {
        return text.lines()
                .filter(line -> line.startsWith("some avg10="))
                .map(line -> Double.parseDouble(KernelFile.words(line).get(1).substring("avg10=".length())))
                .findFirst()
                .orElse(0.0);
    }

    /** Ends everything in the group. */
    void kill(Path group) {
        try {
            KernelFile.write(group.resolve("cgroup.kill"), "1");
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "a group cannot be ended: {0}", e.getMessage());
        }
    }

    /** Removes the group when it is empty, then those above it that are; says whether it is gone. */
    synchronized boolean remove(Path group) {
        if (!removeFolder(group)) {
            return false;
        }
        Path slot = group.getParent();
        if (slot != null && removeFolder(slot) && slot.getParent() != null) {
            var _ = removeFolder(slot.getParent()); // other instances of the app may still be there
        }
        return true;
    }

    private static boolean removeFolder(Path folder) {
        try {
            Files.delete(folder);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a group is still in use", e); // EBUSY: populated, or groups below
            return false;
        }
    }

    /** Removes the folder that holds all groups, unless some are left for the next daemon. */
    synchronized void removeBase() {
        var _ = removeFolder(base);
    }

    /** The groups of generations that nobody in the table knows: a dead daemon's. */
    List<Path> stale(Set<ProcessKey> known) {
        Set<Path> ours = new java.util.HashSet<>();
        known.forEach(key -> ours.add(path(key)));
        List<Path> stale = new ArrayList<>();
        try (Stream<Path> all = Files.find(
                base,
                GENERATION_DEPTH,
                (path, attributes) -> attributes.isDirectory()
                        && base.relativize(path).getNameCount() == GENERATION_DEPTH
                        && !ours.contains(path))) {
            all.forEach(stale::add);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "stale groups cannot be looked for", e);
        }
        return stale;
    }
}
