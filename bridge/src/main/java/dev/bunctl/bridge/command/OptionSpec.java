package dev.bunctl.bridge.command;

import java.util.List;

/**
 * One option of a command.
 *
 * @param name long name without dashes
 * @param shortName one letter, or empty
 * @param aliases further long names
 * @param value what its value is called in the help, or empty for an option without one; in brackets the words between which
 *     one may choose, the first of which need not be written
 * @param repeatable whether it may be given more than once; another one's last value counts
 * @param help one sentence
 */
public record OptionSpec(
        String name, String shortName, List<String> aliases, String value, boolean repeatable, String help) {
    public OptionSpec {
        aliases = List.copyOf(aliases);
        if (shortName.length() > 1) {
            throw new IllegalArgumentException("one letter expected: " + shortName);
        }
    }

    static OptionSpec flag(String name, String shortName, String help) {
        return new OptionSpec(name, shortName, List.of(), "", false, help);
    }

    static OptionSpec value(String name, String shortName, String value, String help) {
        return new OptionSpec(name, shortName, List.of(), value, false, help);
    }

    /** An option that stands for the first of some words unless another of them follows. */
    static OptionSpec choice(String name, String help, String... words) {
        return new OptionSpec(name, "", List.of(), "[" + String.join("|", words) + "]", false, help);
    }

    /** The words of an option whose value may be left out, else none. */
    List<String> words() {
        return value.startsWith("[")
                ? List.of(value.substring(1, value.length() - 1).split("\\|"))
                : List.of();
    }

    OptionSpec repeated() {
        return new OptionSpec(name, shortName, aliases, value, true, help);
    }

    OptionSpec alias(String alias) {
        return new OptionSpec(name, shortName, List.of(alias), value, repeatable, help);
    }

    boolean takesValue() {
        return !value.isEmpty();
    }

    boolean isCalled(String longName) {
        return name.equals(longName) || aliases.contains(longName);
    }

    /** {@code -n, --lines COUNT}. */
    String synopsis() {
        String shortPart = shortName.isEmpty() ? "    " : "-" + shortName + ", ";
        return shortPart + "--" + name + (value.isEmpty() ? "" : " " + value);
    }
}
