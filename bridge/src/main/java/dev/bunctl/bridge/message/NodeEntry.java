package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.Optional;

/**
 * One node of the cluster, as another sees it.
 *
 * @param self whether it is the one that answers
 * @param unreachableSince when it was lost sight of, by the clock of the one that answers; empty while it can be reached
 * @param version of its daemon
 * @param instances of its apps, when it was heard of last
 * @param online how many of them were online
 */
public record NodeEntry(
        String name, boolean self, Optional<Instant> unreachableSince, String version, int instances, int online) {}
