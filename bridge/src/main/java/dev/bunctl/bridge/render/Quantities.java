package dev.bunctl.bridge.render;

import java.util.Locale;

/** Times and sizes as people read them. */
final class Quantities {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

    private Quantities() {}

    /** {@code 850ms}, {@code 12s}, {@code 5m}, {@code 3h}, {@code 2d}: the largest whole unit. */
    static String time(long milliseconds) {
        long seconds = milliseconds / 1000;
        if (milliseconds < 1000) {
            return milliseconds + "ms";
        } else if (seconds < 60) {
            return seconds + "s";
        } else if (seconds < 3600) {
            return seconds / 60 + "m";
        } else if (seconds < 86_400) {
            return seconds / 3600 + "h";
        }
        return seconds / 86_400 + "d";
    }

    /** {@code 27.0 MB}, in powers of 1024. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** {@code 0.1%}. */
    static String percent(double percent) {
        return String.format(Locale.ROOT, "%.1f%%", percent);
    }
}
