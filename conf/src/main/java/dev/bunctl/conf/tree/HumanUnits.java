package dev.bunctl.conf.tree;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Sizes and times as people write them. */
public final class HumanUnits {
    /** Longest time that can be given. */
    public static final Duration MAX_TIME = Duration.ofDays(3650);

    /** Largest size that can be given: 1 EiB. */
    public static final long MAX_SIZE = 1L << 60;

    private static final int MAX_LENGTH = 32;

    private HumanUnits() {}

    /** Bytes of {@code 512M}, {@code 1.5G}, {@code 64kb}, {@code 100 MiB}; a plain number is bytes; 1 K is 1024. */
    public static Optional<Long> size(String text) {
        int end = endOfNumber(text);
        if (end < 0) {
            return Optional.empty();
        }
        int shift = switch (text.substring(end).strip().toLowerCase(Locale.ROOT)) {
            case "", "b" -> 0;
            case "k", "kb", "kib" -> 10;
            case "m", "mb", "mib" -> 20;
            case "g", "gb", "gib" -> 30;
            case "t", "tb", "tib" -> 40;
            default -> -1;
        };
        return shift < 0 ? Optional.empty() : scaled(text.substring(0, end), 1L << shift, MAX_SIZE);
    }

    /**
     * {@code 500ms}, {@code 10s}, {@code 1.5m}, {@code 2h}, {@code 7d}, {@code 1w}; a plain number is milliseconds, as
     * in PM2.
     */
    public static Optional<Duration> time(String text) {
        int end = endOfNumber(text);
        if (end < 0) {
            return Optional.empty();
        }
        long unit = switch (text.substring(end).strip().toLowerCase(Locale.ROOT)) {
            case "", "ms" -> 1;
            case "s", "sec" -> 1_000;
            case "m", "min" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            case "w" -> 7 * 86_400_000L;
            default -> -1;
        };
        return unit < 0
                ? Optional.empty()
                : scaled(text.substring(0, end), unit, MAX_TIME.toMillis()).map(Duration::ofMillis);
    }

    /** A time in the largest unit that shows it whole. */
    public static String show(Duration time) {
        long milliseconds = time.toMillis();
        if (milliseconds == 0) {
            return "0";
        }
        if (milliseconds % 86_400_000 == 0) {
            return milliseconds / 86_400_000 + "d";
        }
        if (milliseconds % 3_600_000 == 0) {
            return milliseconds / 3_600_000 + "h";
        }
        if (milliseconds % 60_000 == 0) {
            return milliseconds / 60_000 + "m";
        }
        return milliseconds % 1_000 == 0 ? milliseconds / 1_000 + "s" : milliseconds + "ms";
    }

    /** A size in the largest unit that shows it whole. */
    public static String show(long bytes) {
        for (int unit = 4; unit > 0; unit--) {
            long size = 1L << (10 * unit);
            if (bytes >= size && bytes % size == 0) {
                return bytes / size + "KMGT".substring(unit - 1, unit);
            }
        }
        return Long.toString(bytes);
    }

    private static int endOfNumber(String text) {
        int at = 0;
        int digits = 0;
        boolean point = false;
        while (at < text.length() && at < MAX_LENGTH) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && !point && digits > 0) {
                point = true;
            } else {
                break;
            }
            at++;
        }
        return digits == 0 || at == MAX_LENGTH || text.charAt(at - 1) == '.' ? -1 : at;
    }

    private static Optional<Long> scaled(String number, long unit, long most) {
        BigDecimal value = new BigDecimal(number).multiply(BigDecimal.valueOf(unit));
        return value.compareTo(BigDecimal.valueOf(most)) > 0 ? Optional.empty() : Optional.of(value.longValue());
    }
}
