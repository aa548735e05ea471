package dev.bunctl.verticles.control;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessSampler;
import dev.bunctl.os.api.ProcessSampler.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU in percent and memory, from samples taken only when somebody asks. The share of CPU is that since an earlier
 * sample, or since the process was executed when there is none.
 *
 * <p>Used by several worker threads.
 */
final class UsageMeter {
    /** An earlier sample that is younger is kept: the system counts CPU in steps of 10 ms. */
    static final Duration SHORTEST_SPAN = Duration.ofSeconds(1);

    private final ProcessSampler sampler;
    private final Map<ProcessIdentity, Sample> earlier = new HashMap<>();

    UsageMeter(ProcessSampler sampler) {
        this.sampler = sampler;
    }

    private record Sample(long cpuNanos, Instant at) {}

    /** @param cpuPercent 100 is one core */
    record Reading(double cpuPercent, long memoryBytes) {}

    /**
     * Blocks for a short time.
     *
     * @param startedAt each process with the time when it was executed
     * @param running every process that is known to run; samples of others are forgotten
     */
    Map<ProcessIdentity, Reading> measure(
            Map<ProcessIdentity, Instant> startedAt, Collection<ProcessIdentity> running, Instant now) {
        Map<ProcessIdentity, Usage> usages = sampler.sample(startedAt.keySet());
        Map<ProcessIdentity, Reading> readings = new HashMap<>();
        synchronized (earlier) {
            usages.forEach((process, usage) -> {
                Instant started = startedAt.getOrDefault(process, now);
                readings.put(process, reading(process, usage, started, now));
            });
            earlier.keySet().retainAll(running);
        }
        return readings;
    }

    private Reading reading(ProcessIdentity process, Usage usage, Instant started, Instant now) {
        Sample before = earlier.getOrDefault(process, new Sample(0, started));
        Duration span = Duration.between(before.at, now);
        if (!earlier.containsKey(process) || span.compareTo(SHORTEST_SPAN) >= 0) {
            earlier.put(process, new Sample(usage.cpuNanos(), now));
        }
        // A tree loses the CPU time of descendants that are gone, and the wall clock may step back.
        double share = span.isPositive() ? 100.0 * (usage.cpuNanos() - before.cpuNanos) / span.toNanos() : 0;
        return new Reading(Math.max(0, share), usage.memoryBytes());
    }
}
