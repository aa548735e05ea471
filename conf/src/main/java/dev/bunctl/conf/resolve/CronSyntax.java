package dev.bunctl.conf.resolve;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks the form of cron expressions: five fields (minute, hour, day of month, month, day of week) or six with seconds
 * first; each {@code *}, numbers, names of months and days, ranges, lists and steps.
 */
final class CronSyntax {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private enum Part {
        SECOND("second", 0, 59, List.of()),
        MINUTE("minute", 0, 59, List.of()),
        HOUR("hour", 0, 23, List.of()),
        DAY("day of month", 1, 31, List.of()),
        MONTH("month", 1, 12, MONTHS),
        WEEKDAY("day of week", 0, 7, DAYS);

        private final String shown;
        private final int least;
        private final int most;

        /** Made by {@link List#of}. */
        @SuppressWarnings("ImmutableEnumChecker")
        private final List<String> names;

        Part(String shown, int least, int most, List<String> names) {
            this.shown = shown;
            this.least = least;
            this.most = most;
            this.names = names;
        }
    }

    private CronSyntax() {}

    /** What was expected, or empty when the expression has the right form. */
    static Optional<String> problemOf(String expression) {
        String[] fields = expression.strip().split("\\s+");
        if (fields.length < 5 || fields.length > 6) {
            return Optional.of("five cron fields, or six with seconds, expected");
        }
        int first = fields.length == 6 ? 0 : 1;
        for (int at = 0; at < fields.length; at++) {
            Part part = Part.values()[first + at];
            for (String item : fields[at].split(",", -1)) {
                if (!isItem(part, item)) {
                    return Optional.of("a " + part.shown + " from " + part.least + " to " + part.most
                            + " expected in place of '" + item + "'");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isItem(Part part, String item) {
        int slash = item.indexOf('/');
        if (slash >= 0) {
            int step = number(item.substring(slash + 1));
            return step >= 1 && step <= part.most && isRange(part, item.substring(0, slash));
        }
        return isRange(part, item);
    }

    private static boolean isRange(Part part, String range) {
        if (range.equals("*") || (range.equals("?") && (part == Part.DAY || part == Part.WEEKDAY))) {
            return true;
        }
        int dash = range.indexOf('-');
        if (dash < 0) {
            return value(part, range) >= 0;
        }
        int from = value(part, range.substring(0, dash));
        int to = value(part, range.substring(dash + 1));
        return from >= 0 && to >= from;
    }

    private static int value(Part part, String text) {
        int name = part.names.indexOf(text.toLowerCase(Locale.ROOT));
        int value = name >= 0 ? name + part.least : number(text);
        return value < part.least || value > part.most ? -1 : value;
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }
}
