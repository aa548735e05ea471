package dev.bunctl.conf.field;

import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.tree.HumanUnits;
import dev.bunctl.conf.tree.Node;
import java.util.Optional;

/** Numbers in all their forms: plain, as percentages, sizes, times, counts and masks. */
final class NumberReader {
    private NumberReader() {}

    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    static Long whole(Node node, long least, long most) throws KindReader.Unexpected {
        String expected = "a whole number from " + least + " to " + most;
        long value = number(node, expected);
        if (value < least || value > most) {
            throw new KindReader.Unexpected(node, expected);
        }
        return value;
    }

    static long number(Node node, String expected) throws KindReader.Unexpected {
        return switch (node) {
            case Node.Whole(long value, var at) -> value;
            case Node.Real(double value, var at)
            when value == Math.rint(value) && Math.abs(value) < 1e15 -> (long) value;
            case Node.Text(String value, var at) -> {
                try {
                    yield Long.parseLong(value);
                } catch (NumberFormatException none) {
                    throw new KindReader.Unexpected(node, expected);
                }
            }
            default -> throw new KindReader.Unexpected(node, expected);
        };
    }

    static Double real(Node node, double least, double most) throws KindReader.Unexpected {
        String expected = "a number from " + plain(least) + " to " + plain(most);
        double value = decimal(node, node instanceof Node.Text(String text, var at) ? text : "", expected);
        if (!(value >= least && value <= most)) {
            throw new KindReader.Unexpected(node, expected);
        }
        return value;
    }

    private static double decimal(Node node, String text, String expected) throws KindReader.Unexpected {
        return switch (node) {
            case Node.Whole(long value, var at) -> value;
            case Node.Real(double value, var at) -> value;
            default -> {
                if (text.isEmpty() || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.')) {
                    throw new KindReader.Unexpected(node, expected);
                }
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException none) {
                    throw new KindReader.Unexpected(node, expected);
                }
            }
        };
    }

    static Double percent(Node node) throws KindReader.Unexpected {
        String expected = "a percentage above 0 such as 50 or \"50%\" (100 is one core)";
        String text = node instanceof Node.Text(String value, var at) ? value.strip() : "";
        double percent = decimal(
                node, text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text, expected);
        if (!(percent > 0 && percent <= Limits.MAX_CPU_PERCENT)) {
            throw new KindReader.Unexpected(node, expected);
        }
        return percent;
    }

    static Long size(Node node) throws KindReader.Unexpected {
        String expected = "a size in bytes or such as \"512M\" or \"1.5G\"";
        long size = switch (node) {
            case Node.Text(String text, var at) -> HumanUnits.size(text).orElse(0L);
            case Node.Whole(long value, var at) -> value;
            default -> throw new KindReader.Unexpected(node, expected);
        };
        if (size <= 0 || size > HumanUnits.MAX_SIZE) {
            throw new KindReader.Unexpected(node, expected);
        }
        return size;
    }

    static Object time(Node node) throws KindReader.Unexpected {
        String expected = "a time in milliseconds or such as \"500ms\", \"10s\" or \"5m\"";
        Optional<?> time = switch (node) {
            case Node.Text(String text, var at) -> HumanUnits.time(text);
            case Node.Whole(long value, var at) -> HumanUnits.time(Long.toString(value));
            case Node.Real(double value, var at) -> HumanUnits.time(plain(value));
            default -> Optional.empty();
        };
        if (time.isEmpty()) {
            throw new KindReader.Unexpected(node, expected);
        }
        return time.get();
    }

    static Long instances(Node node) throws KindReader.Unexpected {
        String expected = "a number up to " + Instances.MAX + ", or \"max\"";
        if (node instanceof Node.Text(String text, var at) && text.equals("max")) {
            return 0L;
        }
        long count = number(node, expected);
        if (count > Instances.MAX || count < -Instances.MAX) {
            throw new KindReader.Unexpected(node, expected);
        }
        return count;
    }

    static Long mask(Node node) throws KindReader.Unexpected {
        String expected = "an octal mask such as \"027\"";
        if (!(node instanceof Node.Text(String text, var at)) || text.isEmpty() || text.length() > 5) {
            throw new KindReader.Unexpected(node, expected);
        }
        try {
            long mask = Long.parseLong(text.startsWith("0o") ? text.substring(2) : text, 8);
            if (mask >= 0 && mask <= 0777) {
                return mask;
            }
        } catch (NumberFormatException none) {
            throw new KindReader.Unexpected(node, expected);
        }
        throw new KindReader.Unexpected(node, expected);
    }
}
