package dev.bunctl.bridge.render;

/**
 * What a command prints and ends with.
 *
 * @param out for stdout: data
 * @param err for stderr: talk
 * @param exitCode of the command
 */
public record Rendered(String out, String err, int exitCode) {}
