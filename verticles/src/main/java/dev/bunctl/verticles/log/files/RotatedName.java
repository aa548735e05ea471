package dev.bunctl.verticles.log.files;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file put aside: {@code api-out.log.20260131-235959.7}. The number grows by one with each rotation and
 * settles the order, whatever the clock did; so no two rotations ever have one name.
 *
 * @param base file name of the log that is written to
 * @param at when it was put aside, to the second, in UTC
 * @param sequence from 1
 */
public record RotatedName(String base, Instant at, long sequence) {
    public static final long MAX_SEQUENCE = 999_999_999_999L;
    public static final String INDEX = ".idx";
    public static final String COMPRESSED = ".gz";
    public static final String UNFINISHED = ".gz.tmp";

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");
    private static final Pattern REST =
            Pattern.compile("([0-9]{8}-[0-9]{6})\\.([1-9][0-9]{0,11})(|\\.gz|\\.gz\\.tmp|\\.idx)");

    public RotatedName {
        at = at.truncatedTo(ChronoUnit.SECONDS);
        if (sequence < 1 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("sequence of 1 to " + MAX_SEQUENCE + " expected, not " + sequence);
        }
    }

    /**
     * A file beside a log that belongs to it.
     *
     * @param suffix empty, {@link #COMPRESSED}, {@link #UNFINISHED} or {@link #INDEX}
     */
    public record Part(RotatedName name, String suffix) {}

    /** Reads a file name; empty when it is not exactly a part of that log, so a sibling is never touched. */
    public static Optional<Part> parse(String base, String fileName) {
        if (!fileName.startsWith(base + ".")) {
            return Optional.empty();
        }
        Matcher matcher = REST.matcher(fileName.substring(base.length() + 1));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Instant at = LocalDateTime.parse(matcher.group(1), STAMP).toInstant(ZoneOffset.UTC);
            return Optional.of(new Part(new RotatedName(base, at, Long.parseLong(matcher.group(2))), matcher.group(3)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The file name without any suffix. */
    public String plain() {
        return base + "." + STAMP.format(at.atOffset(ZoneOffset.UTC)) + "." + sequence;
    }
}
