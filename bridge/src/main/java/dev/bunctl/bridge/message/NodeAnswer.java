package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.Optional;

/**
 * What one node answered.
 *
 * @param unreachableSince given when the node cannot be reached: then {@code answer} is a refusal, or for a status what was
 *     heard last
 */
public record NodeAnswer(String node, Optional<Instant> unreachableSince, Answer answer) {}
