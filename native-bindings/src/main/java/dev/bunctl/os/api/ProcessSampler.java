package dev.bunctl.os.api;

import java.util.Collection;
import java.util.Map;

/** Readings of running processes. Blocking, short, and made off the event loop. */
public interface ProcessSampler {
    /**
     * Reads each process together with all that descends from it; one that is gone is left out.
     *
     * @return a reading for each process that was found
     */
    Map<ProcessIdentity, Usage> sample(Collection<ProcessIdentity> processes);

    /**
     * One reading.
     *
     * @param cpuNanos CPU time used so far, in nanoseconds
     * @param memoryBytes resident memory now
     * @param processes how many processes the tree has
     */
    record Usage(long cpuNanos, long memoryBytes, int processes) {}
}
