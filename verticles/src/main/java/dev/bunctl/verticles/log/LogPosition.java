package dev.bunctl.verticles.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a log, between two lines, that another daemon finds again.
 *
 * @param file the number that the file has, or gets when it is put aside; at least 1
 * @param offset in bytes
 * @param mark tells the file that was written to from another of its name
 */
public record LogPosition(long file, long offset, int mark) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}):([0-9]{1,18}):([0-9a-f]{1,8})");

    /** {@code 12:345:9af3}. */
    public String text() {
        return file + ":" + offset + ":" + Integer.toHexString(mark);
    }

    /** Reads what {@link #text} wrote; empty when it is something else. */
    public static Optional<LogPosition> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new LogPosition(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Integer.parseUnsignedInt(matcher.group(3), 16)))
                : Optional.empty();
    }
}
