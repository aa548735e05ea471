package dev.bunctl.verticles.log.frame;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A pattern as day.js knows it ({@code YYYY-MM-DD HH:mm:ss.SSS}), or {@code ISO}. Text in square brackets stands for
 * itself, as does everything that is no token.
 *
 * @see <a href="https://day.js.org/docs/en/display/format">the tokens of day.js</a>
 */
public final class DayjsPattern {
    /** {@code 2026-01-31T23:59:59.123Z}. */
    public static final String ISO = "ISO";

    private static final List<String> TOKENS = List.of(
            "YYYY", "MMMM", "dddd", "MMM", "ddd", "SSS", "YY", "MM", "DD", "dd", "HH", "hh", "mm", "ss", "ZZ", "M", "D",
            "d", "H", "h", "m", "s", "Z", "A", "a", "x", "X");

    private static final Map<String, String> JAVA = Map.ofEntries(
            Map.entry("YYYY", "uuuu"),
            Map.entry("YY", "uu"),
            Map.entry("MMMM", "MMMM"),
            Map.entry("MMM", "MMM"),
            Map.entry("MM", "MM"),
            Map.entry("M", "M"),
            Map.entry("DD", "dd"),
            Map.entry("D", "d"),
            Map.entry("dddd", "EEEE"),
            Map.entry("ddd", "EEE"),
            Map.entry("HH", "HH"),
            Map.entry("H", "H"),
            Map.entry("hh", "hh"),
            Map.entry("h", "h"),
            Map.entry("mm", "mm"),
            Map.entry("m", "m"),
            Map.entry("ss", "ss"),
            Map.entry("s", "s"),
            Map.entry("SSS", "SSS"),
            Map.entry("Z", "xxx"),
            Map.entry("ZZ", "xx"));

    private static final Map<Long, String> TWO_LETTER_DAYS =
            Map.of(1L, "Mo", 2L, "Tu", 3L, "We", 4L, "Th", 5L, "Fr", 6L, "Sa", 7L, "Su");

    private final DateTimeFormatter formatter;

    private DayjsPattern(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /** Reads a pattern; every text is one. */
    public static DayjsPattern of(String pattern, ZoneId zone) {
        if (pattern.equals(ISO)) {
            return new DayjsPattern(
                    new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT));
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        for (int at = 0; at < pattern.length(); ) {
            at += append(builder, pattern, at);
        }
        return new DayjsPattern(builder.toFormatter(Locale.ENGLISH).withZone(zone));
    }

    private static int append(DateTimeFormatterBuilder builder, String pattern, int at) {
        int close = pattern.indexOf(']', at);
        if (pattern.charAt(at) == '[' && close > 0) {
            builder.appendLiteral(pattern.substring(at + 1, close));
            return close + 1 - at;
        }
        for (String token : TOKENS) {
            if (pattern.startsWith(token, at)) {
                appendToken(builder, token);
                return token.length();
            }
        }
        builder.appendLiteral(pattern.charAt(at));
        return 1;
    }

    private static void appendToken(DateTimeFormatterBuilder builder, String token) {
        switch (token) {
            case "A" -> builder.appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "AM", 1L, "PM"));
            case "a" -> builder.appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "am", 1L, "pm"));
            case "d" -> builder.appendText(ChronoField.DAY_OF_WEEK, daysFromSunday());
            case "dd" -> builder.appendText(ChronoField.DAY_OF_WEEK, TWO_LETTER_DAYS);
            case "X" -> builder.appendValue(ChronoField.INSTANT_SECONDS);
            case "x" -> builder.appendValue(ChronoField.INSTANT_SECONDS).appendValue(ChronoField.MILLI_OF_SECOND, 3);
            default -> builder.appendPattern(String.valueOf(JAVA.get(token)));
        }
    }

    private static Map<Long, String> daysFromSunday() {
        return Map.of(1L, "1", 2L, "2", 3L, "3", 4L, "4", 5L, "5", 6L, "6", 7L, "0");
    }

    public String format(Instant instant) {
        return formatter.format(instant);
    }
}
