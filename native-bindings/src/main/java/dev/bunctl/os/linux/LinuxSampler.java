package dev.bunctl.os.linux;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessSampler;
import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code /proc} once for all processes asked for: one file for each process of the host. Walking the
 * {@code children} files instead takes one file for each thread, and misses those whose parent has ended; these are
 * found here by their session, which the guard makes for every app.
 */
final class LinuxSampler implements ProcessSampler {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final File proc;
    private final long pageSize = LibC.sysconf(LibC.SC_PAGESIZE);
    private final long nanosPerTick = NANOS_PER_SECOND / LibC.sysconf(LibC.SC_CLK_TCK);

    LinuxSampler() {
        proc = new File("/proc");
    }

    @Override
    public Map<ProcessIdentity, Usage> sample(Collection<ProcessIdentity> processes) {
        if (processes.isEmpty()) {
            return Map.of();
        }
        Map<Long, ProcStat> all = readAll();
        Map<Long, List<ProcStat>> children = new HashMap<>();
        Map<Long, List<ProcStat>> sessions = new HashMap<>();
        for (ProcStat stat : all.values()) {
            children.computeIfAbsent(stat.parent(), _ -> new ArrayList<>()).add(stat);
            sessions.computeIfAbsent(stat.session(), _ -> new ArrayList<>()).add(stat);
        }
        Map<ProcessIdentity, Usage> usages = new HashMap<>();
        for (ProcessIdentity process : processes) {
            ProcStat root = all.get(process.pid());
            if (root != null && root.startTime() == process.startTime()) {
                usages.put(process, usage(root, children, sessions.getOrDefault(process.pid(), List.of())));
            }
        }
        return usages;
    }

    private Map<Long, ProcStat> readAll() {
        Map<Long, ProcStat> all = new HashMap<>();
        byte[] buffer = ProcStat.buffer();
        String[] names = proc.list();
        for (String name : names == null ? new String[0] : names) {
            if (name.charAt(0) >= '1' && name.charAt(0) <= '9') {
                ProcStat.of(Long.parseLong(name), buffer).ifPresent(stat -> all.put(stat.pid(), stat));
            }
        }
        return all;
    }

    private Usage usage(ProcStat root, Map<Long, List<ProcStat>> children, List<ProcStat> session) {
        Set<Long> seen = new HashSet<>();
        Deque<ProcStat> next = new ArrayDeque<>(session);
        next.add(root);
        long ticks = 0;
        long pages = 0;
        for (ProcStat stat = next.poll(); stat != null; stat = next.poll()) {
            if (seen.add(stat.pid())) {
                ticks += stat.cpuTicks();
                pages += stat.residentPages();
                next.addAll(children.getOrDefault(stat.pid(), List.of()));
            }
        }
        return new Usage(ticks * nanosPerTick, pages * pageSize, seen.size());
    }
}
