package dev.bunctl.bridge.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/** A time as people write it. What it means depends on when and where it is read. */
public sealed interface TimeWord {
    /** What is understood, for messages. */
    String EXPECTED = "10m, 2h, 1d12h, 2026-01-31, \"2026-01-31 23:59\" or 2026-01-31T23:59:59Z";

    /** So long before now: {@code 90s}, {@code 10m}, {@code 1d12h}. */
    record Ago(Duration time) implements TimeWord {}

    /** A point in time: with an offset, or {@code Z}. */
    record At(Instant instant) implements TimeWord {}

    /** A time of the reader's own clock: {@code 2026-01-31}, {@code 2026-01-31T23:59}. */
    record Local(LocalDateTime time) implements TimeWord {}

    /** A time of the reader's present day: {@code 23:59}. */
    record Today(LocalTime time) implements TimeWord {}

    /** The instant that is meant. */
    default Instant resolve(Instant now, ZoneId zone) {
        return switch (this) {
            case Ago(Duration time) -> now.minus(time);
            case At(Instant instant) -> instant;
            case Local(LocalDateTime time) -> time.atZone(zone).toInstant();
            case Today(LocalTime time) ->
                LocalDate.ofInstant(now, zone).atTime(time).atZone(zone).toInstant();
        };
    }

    /** Reads a time; empty when it is none. */
    static Optional<TimeWord> parse(String text) {
        try {
            return TimeSyntax.ago(text).or(() -> TimeSyntax.absolute(text.replaceFirst(" ", "T")));
        } catch (DateTimeException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }
}
