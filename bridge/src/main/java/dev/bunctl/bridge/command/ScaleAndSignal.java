package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Command.Scale.Count;
import java.util.List;

/** The commands {@code scale}, {@code signal} and {@code history}. */
final class ScaleAndSignal {
    private ScaleAndSignal() {}

    static CommandSpec scale() {
        return new CommandSpec(
                "scale",
                List.of(),
                Runner.DAEMON,
                "NAME N|+N|-N",
                2,
                2,
                false,
                List.of(CommandTable.NO_WAIT, CommandTable.JSON),
                "change how many instances an app has",
                "Starts instances, or stops and forgets those with the highest numbers, and returns when every new one is"
                        + " ready. New instances of an app that is stopped stay stopped too. The number is kept until the"
                        + " app is started with another one.",
                List.of("bunctl scale api 4", "bunctl scale api +2", "bunctl scale api -1"),
                ScaleAndSignal::scale);
    }

    private static Request scale(Arguments arguments) throws UsageException {
        List<String> words = arguments.operands();
        Command.Scale command = new Command.Scale(words.getFirst(), count(words.getLast()), !arguments.has("no-wait"));
        return new Request.Ask(command, arguments.has("json"), false);
    }

    private static Count count(String word) throws UsageException {
        try {
            int number = Integer.parseInt(word);
            return word.startsWith("+") || word.startsWith("-") ? new Count.By(number) : new Count.To(number);
        } catch (NumberFormatException notANumber) {
            throw new UsageException("scale takes a number such as 4, +2 or -1, not '" + word + "'");
        }
    }

    static CommandSpec signal() {
        return new CommandSpec(
                "signal",
                List.of("sendSignal"),
                Runner.DAEMON,
                "SIGNAL " + CommandTable.NAMES,
                2,
                CommandTable.MANY,
                false,
                List.of(CommandTable.JSON),
                "send a signal to the programs of apps",
                "Sends a signal, by its name with or without SIG, to the program of each instance and to nothing that it"
                        + " has started. What the program does then is its own business: one that ends is restarted as"
                        + " its policy says. Fails for an instance that does not run.",
                List.of("bunctl signal HUP api", "bunctl signal SIGUSR2 api:1 worker"),
                ScaleAndSignal::signal);
    }

    private static Request signal(Arguments arguments) throws UsageException {
        List<String> words = arguments.operands();
        Command.SendSignal command =
                new Command.SendSignal(Interpretations.selection(words.subList(1, words.size())), words.getFirst());
        return new Request.Ask(command, arguments.has("json"), false);
    }

    static CommandSpec history() {
        return new CommandSpec(
                "history",
                List.of(),
                Runner.DAEMON,
                CommandTable.NAMES,
                1,
                CommandTable.MANY,
                false,
                List.of(CommandTable.JSON),
                "show how the processes of apps ended",
                "Prints the last 50 ends of each instance, oldest first: when, why, with which exit code or signal, how long"
                        + " it had run, what was done about it, and the end of its stderr (of the last ten 20 lines, of"
                        + " older ones the last). Kept over restarts of the daemon, until the app is deleted.",
                List.of("bunctl history api", "bunctl history api:1 --json"),
                ScaleAndSignal::history);
    }

    private static Request history(Arguments arguments) throws UsageException {
        Command.History command = new Command.History(Interpretations.selection(arguments.operands()));
        return new Request.Ask(command, arguments.has("json"), false);
    }
}
