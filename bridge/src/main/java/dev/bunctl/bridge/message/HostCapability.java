package dev.bunctl.bridge.message;

/**
 * One thing that the host of a daemon can or cannot do.
 *
 * @param name stable, lower-case and dotted, such as {@code limits.memory}
 * @param available whether it can be used
 * @param cause why not, or how it is provided, in a sentence
 */
public record HostCapability(String name, boolean available, String cause) {}
