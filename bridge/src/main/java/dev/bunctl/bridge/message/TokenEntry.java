package dev.bunctl.bridge.message;

import dev.bunctl.bridge.message.Command.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * What may be told of a token: not its text, and not the hash of it.
 *
 * @param name whom it was given to
 * @param role what it allows
 * @param createdAt when it was made
 * @param expiresAt when it ends by itself, or empty for never
 */
public record TokenEntry(String name, Role role, Instant createdAt, Optional<Instant> expiresAt) {}
