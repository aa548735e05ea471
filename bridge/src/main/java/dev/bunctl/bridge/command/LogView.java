package dev.bunctl.bridge.command;

/**
 * How lines of logs are shown.
 *
 * @param json one JSON object a line
 * @param raw the lines alone, whatever would stand before them
 * @param timestamp the time of its arrival before each line
 * @param colours whether there may be colours, where a terminal shows them
 */
public record LogView(boolean json, boolean raw, boolean timestamp, boolean colours) {}
