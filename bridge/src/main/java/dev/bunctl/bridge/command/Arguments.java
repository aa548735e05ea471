package dev.bunctl.bridge.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of one command line, sorted.
 *
 * @param operands words that are no options
 * @param options values by the option's long name; an option without a value has an empty one
 * @param rest words behind {@code --}
 * @param stdoutIsTerminal whether somebody watches
 */
public record Arguments(
        List<String> operands, Map<String, List<String>> options, List<String> rest, boolean stdoutIsTerminal) {
    public Arguments {
        operands = List.copyOf(operands);
        options = Map.copyOf(options);
        rest = List.copyOf(rest);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    List<String> values(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** The value given last. */
    Optional<String> value(String option) {
        List<String> values = values(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    int number(String option, int absent, int min, int max) throws UsageException {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new UsageException("--" + option + " takes a whole number, not '" + text.get() + "'");
        }
        throw new UsageException("--" + option + " takes " + min + " to " + max + ", not " + text.get());
    }
}
