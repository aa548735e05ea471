package dev.bunctl.bridge.command;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How times are written. */
final class TimeSyntax {
    private static final Pattern AGO = Pattern.compile(
            "(?:([0-9]{1,6})w)?(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?");
    private static final Pattern OFFSET = Pattern.compile(".+T.+(?:Z|[+-][0-9:]+)");
    private static final int DATE_LENGTH = "2026-01-31".length();
    private static final long[] UNIT_SECONDS = {7 * 86_400, 86_400, 3_600, 60, 1};

    private TimeSyntax() {}

    static Optional<TimeWord> ago(String text) {
        Matcher matcher = AGO.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            return Optional.empty();
        }
        long seconds = 0;
        for (int unit = 0; unit < UNIT_SECONDS.length; unit++) {
            String count = matcher.group(unit + 1);
            seconds += count == null ? 0 : Long.parseLong(count) * UNIT_SECONDS[unit];
        }
        return Optional.of(new TimeWord.Ago(Duration.ofSeconds(seconds)));
    }

    static Optional<TimeWord> absolute(String text) {
        if (OFFSET.matcher(text).matches()) {
            return Optional.of(new TimeWord.At(OffsetDateTime.parse(text).toInstant()));
        }
        if (text.indexOf('T') > 0) {
            return Optional.of(new TimeWord.Local(LocalDateTime.parse(text)));
        }
        return Optional.of(
                text.length() == DATE_LENGTH
                        ? new TimeWord.Local(LocalDate.parse(text).atStartOfDay())
                        : new TimeWord.Today(LocalTime.parse(text)));
    }
}
