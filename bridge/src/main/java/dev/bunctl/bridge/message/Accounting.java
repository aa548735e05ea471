package dev.bunctl.bridge.message;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the tree of one running instance has used. Where the host keeps no accounts of a whole tree, what its living
 * processes say is added up, and the rest is empty.
 *
 * @param instance {@code api:0}
 * @param cpu time used; with {@code held} that of ended processes too
 * @param memoryBytes now; where the host counts memory for trees, cached files included
 * @param processes now; where the host counts them for trees, threads too
 * @param held what only a host that accounts for trees knows
 */
public record Accounting(String instance, Duration cpu, long memoryBytes, int processes, Optional<Held> held) {
    /**
     * Counts of a whole tree.
     *
     * @param throttled time it was held back by its CPU limit
     * @param heldMemoryBytes what cached files have no part in; empty where the host does not count it
     * @param peakMemoryBytes most it had; empty where the host does not count it
     * @param cpuPressure percent of the last ten seconds in which some of it waited for a processor
     * @param memoryPressure the same for memory
     * @param diskPressure the same for disks
     */
    public record Held(
            Duration throttled,
            OptionalLong heldMemoryBytes,
            OptionalLong peakMemoryBytes,
            double cpuPressure,
            double memoryPressure,
            double diskPressure) {}
}
