package dev.bunctl.os.api;

/**
 * A process beyond doubt: a pid alone may be reused.
 *
 * @param pid the process id
 * @param startTime when it was started, in the host's own ticks since boot; compared, never shown
 */
public record ProcessIdentity(long pid, long startTime) {}
