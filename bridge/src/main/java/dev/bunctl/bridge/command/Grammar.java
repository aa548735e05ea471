package dev.bunctl.bridge.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the words of a command line into a {@link Request}. Pure; the same for the daemon and both clients. */
public final class Grammar {
    /** Words of one command line. */
    public static final int MAX_WORDS = 100_000;

    private Grammar() {}

    /**
     * Parses a command line.
     *
     * @param argv without the program's own name
     * @param stdoutIsTerminal whether somebody watches, which decides whether {@code logs} follows
     * @return {@link Request.Rejected} when it makes no sense
     */
    public static Request parse(List<String> argv, boolean stdoutIsTerminal) {
        try {
            return request(argv, stdoutIsTerminal);
        } catch (UsageException unusable) {
            return new Request.Rejected(
                    String.valueOf(unusable.getMessage()),
                    unusable.hint().isEmpty() ? Optional.empty() : Optional.of(unusable.hint()));
        }
    }

    private static Request request(List<String> argv, boolean stdoutIsTerminal) throws UsageException {
        if (argv.size() > MAX_WORDS) {
            throw new UsageException("more than " + MAX_WORDS + " words");
        }
        String first = argv.isEmpty() ? "help" : argv.getFirst();
        CommandSpec command = command(first);
        List<String> words = argv.isEmpty() ? argv : argv.subList(1, argv.size());
        Optional<Arguments> arguments = arguments(command, words, stdoutIsTerminal);
        if (arguments.isEmpty()) {
            return new Request.ShowHelp(Optional.of(command));
        }
        return NodeOptions.interpret(command, arguments.get());
    }

    private static CommandSpec command(String word) throws UsageException {
        Optional<CommandSpec> found = CommandTable.find(word);
        if (found.isPresent()) {
            return found.get();
        }
        if (word.startsWith("-")) {
            throw new UsageException(
                    "unknown option '" + word + "'", "options stand behind a command: see bunctl help");
        }
        throw new UsageException(
                "unknown command '" + word + "'",
                Suggestions.nearest(word, CommandTable.words())
                        .map(near -> "did you mean 'bunctl " + near + "'?")
                        .orElse("see 'bunctl help'"));
    }

    /** Sorts the words, or is empty when help is asked for. */
    private static Optional<Arguments> arguments(CommandSpec command, List<String> words, boolean stdoutIsTerminal)
            throws UsageException {
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> operands = new ArrayList<>();
        List<String> rest = List.of();
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (word.equals("--")) {
                rest = words.subList(at + 1, words.size());
                break;
            }
            if (word.equals("--help") || word.equals("-h")) {
                return Optional.empty();
            }
            if (word.startsWith("-") && word.length() > 1 && !isNegative(word)) {
                at += option(command, words, at, options);
            } else {
                operands.add(word);
            }
        }
        if (!command.passesRest()) {
            operands.addAll(rest);
            rest = List.of();
        }
        checkCount(command, operands.size());
        return Optional.of(new Arguments(operands, options, rest, stdoutIsTerminal));
    }

    /** {@code -2}, as in {@code scale api -2}; no option is called by a digit. */
    private static boolean isNegative(String word) {
        return Character.isDigit(word.charAt(1));
    }

    /** Takes one option in; how many further words it took. */
    private static int option(CommandSpec command, List<String> words, int at, Map<String, List<String>> options)
            throws UsageException {
        String word = words.get(at);
        int equals = word.indexOf('=');
        boolean isLong = word.startsWith("--");
        String shown = isLong && equals > 0 ? word.substring(0, equals) : isLong ? word : word.substring(0, 2);
        OptionSpec option = option(command, shown);
        List<String> values = options.computeIfAbsent(option.name(), name -> new ArrayList<>());
        String attached = isLong ? (equals > 0 ? word.substring(equals + 1) : null) : shortValue(word);
        if (!option.takesValue()) {
            if (attached != null) {
                throw new UsageException("option " + shown + " takes no value");
            }
            return 0;
        }
        if (attached != null) {
            values.add(attached);
            return 0;
        }
        if (!option.words().isEmpty()) {
            boolean follows = at + 1 < words.size() && option.words().contains(words.get(at + 1));
            values.add(follows ? words.get(at + 1) : option.words().getFirst());
            return follows ? 1 : 0;
        }
        if (at + 1 >= words.size()) {
            throw new UsageException("option " + shown + " needs a value: " + shown + " " + option.value());
        }
        values.add(words.get(at + 1));
        return 1;
    }

    /** The value in {@code -n5}. */
    @org.jspecify.annotations.Nullable
    private static String shortValue(String word) {
        return word.length() > 2 ? word.substring(word.charAt(2) == '=' ? 3 : 2) : null;
    }

    private static OptionSpec option(CommandSpec command, String shown) throws UsageException {
        for (OptionSpec option : command.options()) {
            boolean matches = shown.startsWith("--")
                    ? option.isCalled(shown.substring(2))
                    : !option.shortName().isEmpty() && option.shortName().equals(shown.substring(1));
            if (matches) {
                return option;
            }
        }
        if (RemoteHost.isOption(shown)) {
            throw new UsageException("option " + shown + " stands in front of the command", RemoteHost.USAGE);
        }
        List<String> known = new ArrayList<>();
        command.options().forEach(option -> known.add("--" + option.name()));
        throw new UsageException(
                "unknown option '" + shown + "' for " + command.name(),
                Suggestions.nearest(shown, known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("see 'bunctl help " + command.name() + "'"));
    }

    private static void checkCount(CommandSpec command, int count) throws UsageException {
        String usage = "usage: bunctl " + command.name() + " " + command.operands();
        if (count < command.minOperands()) {
            throw new UsageException(command.name() + " needs " + command.operands(), usage);
        }
        if (count > command.maxOperands()) {
            String most = command.maxOperands() == 0 ? "no" : "at most " + command.maxOperands();
            throw new UsageException(command.name() + " takes " + most + " names", usage.strip());
        }
    }
}
