package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.LogQuery;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The commands that have to do with logs. */
final class LogCommands {
    private static final String SOME = "[" + CommandTable.NAMES + "]";

    private LogCommands() {}

    static CommandSpec logs() {
        return new CommandSpec(
                "logs",
                List.of("log"),
                CommandSpec.Runner.DAEMON,
                SOME,
                0,
                CommandTable.MANY,
                false,
                List.of(
                        OptionSpec.value(
                                "lines",
                                "n",
                                "COUNT",
                                "last lines of each app, " + LogQuery.DEFAULT_LINES
                                        + " unless given; all of the time with --since or --until"),
                        OptionSpec.flag("follow", "f", "print new lines as they come"),
                        OptionSpec.flag("nostream", "", "end after the last lines"),
                        OptionSpec.value("since", "", "TIME", "only lines that arrived then or later"),
                        OptionSpec.value("until", "", "TIME", "only lines that arrived before; does not follow"),
                        OptionSpec.value("grep", "", "REGEX", "only lines that contain this regular expression"),
                        OptionSpec.flag("out", "", "stdout only"),
                        OptionSpec.flag("err", "", "stderr only"),
                        OptionSpec.flag("timestamp", "", "the time of its arrival before each line"),
                        OptionSpec.flag("raw", "", "the lines alone, without the names of apps"),
                        OptionSpec.flag("no-color", "", "no colours, on a terminal too"),
                        OptionSpec.flag("json", "", "print one JSON object a line")),
                "print and follow the output of apps",
                "Prints the last lines of each app, in the order of their arrival, from files put aside too. On a terminal"
                        + " it then follows, as pm2 does, until Ctrl-C; into a pipe or a file it ends, unless -f is"
                        + " given. Several apps are told apart by their names, in colours on a terminal unless NO_COLOR"
                        + " is set. A TIME is how long ago (10m, 1d12h), a time of today (23:59), a date"
                        + " (2026-01-31), both, or RFC 3339; without an offset it is in the time zone of TZ. With --nodes or NODE/APP"
                        + " the lines of nodes of the cluster are merged by the times of their hosts; a node that cannot be"
                        + " reached is told of, and its lines come when it is back.",
                List.of(
                        "bunctl logs api -n 100",
                        "bunctl logs -f",
                        "bunctl logs all --err --nostream",
                        "bunctl logs api -f --nodes all",
                        "bunctl logs api --since 10m --grep 'timeout|refused'",
                        "bunctl logs --since \"2026-01-31 08:00\" --until \"2026-01-31 09:00\" --json"),
                LogCommands::read);
    }

    static CommandSpec flush() {
        return new CommandSpec(
                "flush",
                List.of(),
                CommandSpec.Runner.DAEMON,
                SOME,
                0,
                CommandTable.MANY,
                false,
                List.of(CommandTable.JSON),
                "empty the logs of apps",
                "Empties the log files of these apps, or of all, and deletes what was put aside. Output that comes"
                        + " meanwhile is kept.",
                List.of("bunctl flush", "bunctl flush api"),
                arguments ->
                        Interpretations.ask(new Command.FlushLogs(Interpretations.selection(arguments)), arguments));
    }

    static CommandSpec rotate() {
        return new CommandSpec(
                "rotate",
                List.of(),
                CommandSpec.Runner.DAEMON,
                SOME,
                0,
                CommandTable.MANY,
                false,
                List.of(CommandTable.JSON),
                "put the logs of apps aside now",
                "Puts the log files of these apps, or of all, aside and begins new ones. Empty ones stay.",
                List.of("bunctl rotate api"),
                arguments ->
                        Interpretations.ask(new Command.RotateLogs(Interpretations.selection(arguments)), arguments));
    }

    static CommandSpec reload() {
        return new CommandSpec(
                "reload-logs",
                List.of("reloadLogs"),
                CommandSpec.Runner.DAEMON,
                "",
                0,
                0,
                false,
                List.of(CommandTable.JSON),
                "open every log anew by its name",
                "For a logrotate of the host that has renamed the files: call it in postrotate. SIGHUP to the guard does"
                        + " the same.",
                List.of("bunctl reload-logs"),
                arguments -> Interpretations.ask(new Command.ReloadLogs(), arguments));
    }

    private static Request read(Arguments arguments) throws UsageException {
        boolean nostream = arguments.has("nostream");
        if (nostream && arguments.has("follow")) {
            throw new UsageException("--follow and --nostream cannot both be given");
        }
        if (arguments.has("until") && arguments.has("follow")) {
            throw new UsageException("--follow and --until cannot both be given");
        }
        Optional<TimeWord> since = time(arguments, "since");
        Optional<TimeWord> until = time(arguments, "until");
        boolean one = arguments.has("out") != arguments.has("err");
        int lines = since.isPresent() || until.isPresent() ? LogQuery.MAX_LINES : LogQuery.DEFAULT_LINES;
        LogQuery query = new LogQuery(
                arguments.number("lines", lines, 0, LogQuery.MAX_LINES),
                arguments.has("follow") || (arguments.stdoutIsTerminal() && !nostream && until.isEmpty()),
                !one || arguments.has("out"),
                !one || arguments.has("err"),
                Optional.empty(),
                Optional.empty(),
                pattern(arguments));
        LogView view = new LogView(
                arguments.has("json"), arguments.has("raw"), arguments.has("timestamp"), !arguments.has("no-color"));
        return new Request.ReadLogs(Interpretations.selection(arguments), query, since, until, view, Optional.empty());
    }

    private static Optional<TimeWord> time(Arguments arguments, String option) throws UsageException {
        Optional<String> text = arguments.value(option);
        Optional<TimeWord> time = text.flatMap(TimeWord::parse);
        if (text.isPresent() && time.isEmpty()) {
            throw new UsageException(
                    "--" + option + " takes a time, not '" + text.get() + "'", "such as " + TimeWord.EXPECTED);
        }
        return time;
    }

    private static Optional<String> pattern(Arguments arguments) throws UsageException {
        Optional<String> text = arguments.value("grep");
        if (text.isPresent()) {
            try {
                var _ = Pattern.compile(text.get());
            } catch (PatternSyntaxException none) {
                throw new UsageException("--grep takes a regular expression: " + none.getDescription() + " at "
                        + Math.max(0, none.getIndex()));
            }
        }
        return text;
    }
}
