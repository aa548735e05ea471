package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.Optional;

/**
 * What is new of a node of the cluster.
 *
 * @param version of its daemon
 * @param unreachableSince given when it cannot be reached; {@code status} is then what was heard last
 * @param hasLeft whether it is a node no more
 */
public record NodeNews(
        Instant at,
        String node,
        String version,
        Answer.Status status,
        Optional<Instant> unreachableSince,
        boolean hasLeft) {
    /** Whether it can be asked now. */
    public boolean isReachable() {
        return unreachableSince.isEmpty() && !hasLeft;
    }
}
