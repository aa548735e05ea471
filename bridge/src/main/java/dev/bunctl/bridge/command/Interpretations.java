package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Parallel;
import dev.bunctl.bridge.message.Selection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How the words of each command become a request. */
final class Interpretations {
    private static final String ALL = "all";

    private Interpretations() {}

    static Request.Start start(Arguments arguments) throws UsageException {
        Optional<String> script = arguments.value("script");
        Optional<String> command = arguments.value("command");
        if (script.isPresent() && command.isPresent()) {
            throw new UsageException("--script and --command cannot both be given");
        }
        boolean makesOne = script.isPresent() || command.isPresent();
        if (makesOne && arguments.operands().size() > 1) {
            throw new UsageException("with --script or --command one name is expected");
        }
        return new Request.Start(
                arguments.operands(),
                arguments.value("name"),
                script,
                command,
                instances(arguments),
                environment(arguments.values("env")),
                environmentName(arguments.values("env")),
                arguments.value("cwd"),
                arguments.value("max-memory"),
                arguments.value("max-cpu"),
                arguments.value("config"),
                ConfigInterpretations.only(arguments),
                !arguments.has("no-wait"),
                arguments.has("update-env"),
                arguments.has("json"),
                arguments.rest());
    }

    private static Optional<String> instances(Arguments arguments) throws UsageException {
        Optional<String> text = arguments.value("instances");
        if (text.isPresent() && !text.get().equals("max")) {
            int count = arguments.number("instances", 1, Integer.MIN_VALUE, Integer.MAX_VALUE);
            return Optional.of(Integer.toString(count));
        }
        return text;
    }

    private static Map<String, String> environment(List<String> words) throws UsageException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals == 0 || word.isEmpty()) {
                throw new UsageException("--env takes NAME=VALUE, or the NAME of an env_NAME, not '" + word + "'");
            }
            if (equals > 0) {
                environment.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return environment;
    }

    /** A word of {@code --env} without a {@code =}, as PM2 has it. */
    private static Optional<String> environmentName(List<String> words) throws UsageException {
        List<String> names =
                words.stream().filter(word -> word.indexOf('=') < 0).distinct().toList();
        if (names.size() > 1) {
            throw new UsageException("--env takes one NAME of an env_NAME, not " + String.join(" and ", names));
        }
        return names.stream().findFirst();
    }

    static Request stop(Arguments arguments) throws UsageException {
        return ask(new Command.Stop(selection(arguments)), arguments);
    }

    static Request restart(Arguments arguments) throws UsageException {
        OptionalInt parallel = parallel(arguments);
        boolean untilReady = !arguments.has("no-wait");
        if (parallel.isPresent() && !untilReady) {
            throw new UsageException("--parallel waits for each instance, so --no-wait cannot be given with it");
        }
        return ask(new Command.Restart(selection(arguments), untilReady, parallel, Optional.empty()), arguments);
    }

    static Request reload(Arguments arguments) throws UsageException {
        return ask(new Command.Reload(selection(arguments), parallel(arguments).orElse(1)), arguments);
    }

    private static OptionalInt parallel(Arguments arguments) throws UsageException {
        return arguments.has("parallel")
                ? OptionalInt.of(arguments.number("parallel", 1, 1, Parallel.MAX))
                : OptionalInt.empty();
    }

    static Request delete(Arguments arguments) throws UsageException {
        return ask(new Command.Delete(selection(arguments)), arguments);
    }

    static Request setLimit(Arguments arguments) throws UsageException {
        return ask(new Command.SetLimits(selection(arguments), LimitOptions.read(arguments)), arguments);
    }

    static Request list(Arguments arguments) throws UsageException {
        return ask(new Command.Status(selection(arguments)), arguments);
    }

    static Request describe(Arguments arguments) throws UsageException {
        return ask(new Command.Describe(selection(arguments)), arguments);
    }

    static Request reset(Arguments arguments) throws UsageException {
        return ask(new Command.Reset(selection(arguments)), arguments);
    }

    static Request ping(Arguments arguments) {
        return ask(new Command.Ping(), arguments);
    }

    static Request kill(Arguments arguments) {
        return ask(new Command.Kill(), arguments);
    }

    static Request completion(Arguments arguments) throws UsageException {
        String name = arguments.operands().getFirst();
        for (Completion.Shell shell : Completion.Shell.values()) {
            if (shell.wordName().equals(name)) {
                return new Request.ShowCompletion(shell);
            }
        }
        throw new UsageException("no completion for '" + name + "'", "bash, zsh and fish are known");
    }

    static Request help(Arguments arguments) throws UsageException {
        if (arguments.operands().isEmpty()) {
            return new Request.ShowHelp(Optional.empty());
        }
        String word = arguments.operands().getFirst();
        Optional<CommandSpec> command = CommandTable.find(word);
        if (command.isEmpty()) {
            throw new UsageException("unknown command '" + word + "'", "see 'bunctl help'");
        }
        return new Request.ShowHelp(command);
    }

    static Request ask(Command command, Arguments arguments) {
        return new Request.Ask(command, arguments.has("json"), arguments.has("update-env"));
    }

    /** No words are all apps; commands that change what runs allow none. */
    static Selection selection(Arguments arguments) throws UsageException {
        return selection(arguments.operands());
    }

    /** The same for some of the words. */
    static Selection selection(List<String> words) throws UsageException {
        if (words.isEmpty() || words.contains(ALL)) {
            return new Selection.All();
        }
        if (words.size() > Selection.MAX_WORDS) {
            throw new UsageException("at most " + Selection.MAX_WORDS + " names can be given");
        }
        return new Selection.Named(words);
    }
}
