package dev.bunctl.bridge.command;

import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.LimitChanges.Wish;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.tree.HumanUnits;
import java.util.List;
import java.util.Optional;

/** The options of {@code set-limit} and what they mean. */
final class LimitOptions {
    static final List<OptionSpec> ALL = List.of(
            OptionSpec.value("max-memory", "", "SIZE", "memory at which it is killed, such as 512M"),
            OptionSpec.value("max-memory-restart", "", "SIZE", "memory at which it is restarted gracefully"),
            OptionSpec.value("max-cpu", "", "PERCENT", "processor time; 100 is one core"),
            OptionSpec.value("cpu-weight", "", "WEIGHT", "its share when processors are short, 1 to 10000"),
            OptionSpec.value("max-pids", "", "COUNT", "most processes and threads"));

    private static final String NONE = "none";

    private LimitOptions() {}

    static LimitChanges read(Arguments arguments) throws UsageException {
        LimitChanges changes = new LimitChanges(
                size(arguments, "max-memory"),
                size(arguments, "max-memory-restart"),
                percent(arguments, "max-cpu"),
                whole(arguments, "cpu-weight", Limits.MAX_CPU_WEIGHT),
                whole(arguments, "max-pids", Limits.MAX_PROCESSES));
        if (changes.isNone()) {
            throw new UsageException("no limit was given", "see 'bunctl set-limit --help'");
        }
        return changes;
    }

    private interface Parser<T> {
        Optional<T> parse(String text);
    }

    private static <T> Wish<T> wish(Arguments arguments, String option, Parser<T> parser, String expected)
            throws UsageException {
        Optional<String> text = arguments.value(option);
        if (text.isEmpty()) {
            return new Wish.Keep<>();
        }
        if (text.get().equals(NONE)) {
            return new Wish.Lift<>();
        }
        Optional<T> value = parser.parse(text.get());
        if (value.isEmpty()) {
            throw new UsageException("--" + option + " takes " + expected + " or none, not '" + text.get() + "'");
        }
        return new Wish.Become<>(value.get());
    }

    private static Wish<Long> size(Arguments arguments, String option) throws UsageException {
        return wish(arguments, option, text -> HumanUnits.size(text).filter(size -> size > 0), "a size such as 512M");
    }

    private static Wish<Double> percent(Arguments arguments, String option) throws UsageException {
        return wish(arguments, option, LimitOptions::percent, "a percentage above 0 such as 50");
    }

    private static Optional<Double> percent(String text) {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
        try {
            double percent = Double.parseDouble(number);
            return percent > 0 && percent <= Limits.MAX_CPU_PERCENT ? Optional.of(percent) : Optional.empty();
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    private static Wish<Integer> whole(Arguments arguments, String option, int most) throws UsageException {
        return wish(arguments, option, text -> whole(text, most), "a whole number from 1 to " + most);
    }

    private static Optional<Integer> whole(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            return number >= 1 && number <= most ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
