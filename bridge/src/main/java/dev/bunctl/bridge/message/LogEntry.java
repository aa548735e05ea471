package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * One line of a log, or a place where lines are missing.
 *
 * @param at when it arrived
 * @param app its name
 * @param instance its number, or empty where instances share a file
 * @param stream {@code stdout}, {@code stderr}, or {@code combined} where only that is kept
 * @param content what stands there
 */
public record LogEntry(Instant at, String app, OptionalInt instance, String stream, Content content) {
    /** What stands at one place of a log. */
    public sealed interface Content {}

    /** A line without its line feed. */
    public record Line(String text) implements Content {}

    /** Lines are missing here. */
    public record Gap(String why) implements Content {}
}
