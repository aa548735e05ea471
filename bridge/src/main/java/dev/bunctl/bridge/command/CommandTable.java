package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every command there is. To add one, add an entry; parser, help, completion and reference follow. */
public final class CommandTable {
    static final String NAMES = "NAME|ID|all ...";
    static final int MANY = Grammar.MAX_WORDS;

    static final OptionSpec JSON = OptionSpec.flag("json", "", "print one JSON object to stdout");
    static final OptionSpec NO_WAIT =
            OptionSpec.flag("no-wait", "", "return at once, not when every instance is ready");
    static final OptionSpec PARALLEL =
            OptionSpec.value("parallel", "", "COUNT", "how many instances of an app at a time");
    static final OptionSpec UPDATE_ENV =
            OptionSpec.flag("update-env", "", "give the apps this shell's environment from now on");

    /** What a command line may say about the apps that it starts. */
    static final List<OptionSpec> APP_OPTIONS = List.of(
            OptionSpec.value("name", "n", "NAME", "name of the app"),
            OptionSpec.value("instances", "i", "COUNT", "how many processes; max is one a core"),
            OptionSpec.value("script", "", "FILE", "the file that the app runs"),
            OptionSpec.value("command", "", "WORDS", "the command that the app runs, without a shell"),
            OptionSpec.value("cwd", "", "FOLDER", "working directory"),
            OptionSpec.value(
                            "env",
                            "",
                            "NAME=VALUE|NAME",
                            "an environment variable, may be repeated; or the NAME of an env_NAME of"
                                    + " the configuration")
                    .repeated(),
            OptionSpec.value("max-memory", "", "SIZE", "memory limit such as 512M"),
            OptionSpec.value("max-cpu", "", "PERCENT", "CPU limit; 100 is one core"),
            ConfigCommands.CONFIG,
            ConfigCommands.ONLY);

    private static final List<CommandSpec> ALL = List.of(
            start().travelling(),
            RunCommands.run(),
            new CommandSpec(
                            "stop",
                            List.of(),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            List.of(JSON),
                            "stop apps; they stay stopped",
                            "Sends the stop signal to each process group, waits for kill_timeout, then kills what is left of the"
                                    + " tree. A stopped app stays stopped under every restart policy, over restarts of the"
                                    + " daemon and of the machine, until it is started again.",
                            List.of("bunctl stop api", "bunctl stop api:1 worker", "bunctl stop all"),
                            Interpretations::stop)
                    .travelling(),
            new CommandSpec(
                            "restart",
                            List.of(),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            List.of(PARALLEL, UPDATE_ENV, NO_WAIT, JSON),
                            "stop and start apps",
                            "Stops and starts each instance, those of an app all at once. With --parallel so many at a time, each"
                                    + " ready before the next is touched; when one fails, those after it are left as they are."
                                    + " Apps that others depend on come first. An instance that is stopped is started once."
                                    + " Restarts by hand do not count towards max_restarts.",
                            List.of(
                                    "bunctl restart api",
                                    "bunctl restart api --parallel 1",
                                    "bunctl restart all --update-env"),
                            Interpretations::restart)
                    .travelling(),
            new CommandSpec(
                            "reload",
                            List.of(),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            List.of(PARALLEL, JSON),
                            "replace processes one by one, each once the new one is ready",
                            "Brings a new process up beside the old one, instance by instance (--parallel: so many at a time), and"
                                    + " ends the old one when the new one is ready. When a new one fails, the old one stays, the"
                                    + " instances after it are left as they are, and the command says so. HTTP servers of Bun and"
                                    + " Node lose no request: their instances share the port, and one that is told to stop drains"
                                    + " first. Where that cannot be done for an app, the command says so.",
                            List.of("bunctl reload api", "bunctl reload api --parallel 2", "bunctl reload all"),
                            Interpretations::reload)
                    .travelling(),
            ScaleAndSignal.scale().travelling(),
            ScaleAndSignal.signal().travelling(),
            new CommandSpec(
                            "delete",
                            List.of("del"),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            List.of(JSON),
                            "stop apps and forget them",
                            "Stops each app and removes it from the table and from what starts with the daemon. Log files stay.",
                            List.of("bunctl delete api", "bunctl delete all"),
                            Interpretations::delete)
                    .travelling(),
            new CommandSpec(
                            "set-limit",
                            List.of(),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            setLimitOptions(),
                            "change the limits of running apps",
                            "Changes the given limits of each app and leaves the others as they are; none lifts one. Limits belong"
                                    + " to the app, so every instance gets them, each for itself. They hold from now on without"
                                    + " a restart, and over restarts of the app, the daemon and the machine, until the app is"
                                    + " started with a configuration that says otherwise.",
                            List.of(
                                    "bunctl set-limit api --max-memory 512M --max-cpu 50",
                                    "bunctl set-limit api worker --max-pids none"),
                            Interpretations::setLimit)
                    .travelling(),
            WatchCommands.watch().travelling(),
            WatchCommands.unwatch().travelling(),
            new CommandSpec(
                            "list",
                            List.of("ls", "l", "ps", "status"),
                            Runner.DAEMON,
                            "[NAME|ID|all ...]",
                            0,
                            MANY,
                            false,
                            List.of(JSON),
                            "show apps and what they are doing",
                            "Prints one line an instance: id, name, state, pid, uptime, restarts, CPU and memory of its whole"
                                    + " tree. Starts no daemon: without one the table is empty.",
                            List.of("bunctl list", "bunctl status api --json"),
                            Interpretations::list)
                    .travelling(),
            LogCommands.logs().travelling(),
            LogCommands.flush().travelling(),
            LogCommands.rotate().travelling(),
            LogCommands.reload().travelling(),
            new CommandSpec(
                            "describe",
                            List.of("desc", "show"),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            List.of(JSON),
                            "show all that is known of an app",
                            "Prints the app's configuration, its instances, log files and last ten ends. Each value that was given"
                                    + " says where it comes from: a line of a file, an option, or a command that changed it"
                                    + " since; --json tells that of every value. Values of environment variables are masked.",
                            List.of("bunctl describe api"),
                            Interpretations::describe)
                    .travelling(),
            ScaleAndSignal.history().travelling(),
            new CommandSpec(
                            "reset",
                            List.of(),
                            Runner.DAEMON,
                            NAMES,
                            1,
                            MANY,
                            false,
                            List.of(JSON),
                            "set restart counters to zero",
                            "Sets the restart counters of apps to zero.",
                            List.of("bunctl reset all"),
                            Interpretations::reset)
                    .travelling(),
            new CommandSpec(
                            "ping",
                            List.of(),
                            Runner.DAEMON,
                            "",
                            0,
                            0,
                            false,
                            List.of(JSON),
                            "ask whether the daemon is there",
                            "Prints the daemon's process id, version, uptime and home.",
                            List.of("bunctl ping"),
                            Interpretations::ping)
                    .travelling(),
            new CommandSpec(
                    "kill",
                    List.of(),
                    Runner.DAEMON,
                    "",
                    0,
                    0,
                    false,
                    List.of(JSON),
                    "stop every app and end the daemon",
                    "Stops every app gracefully, within its kill_timeout, then ends the daemon. What should run is kept:"
                            + " the next daemon starts it again.",
                    List.of("bunctl kill"),
                    Interpretations::kill),
            ConfigCommands.init(),
            ConfigCommands.validate(),
            ConfigCommands.config(),
            ConfigCommands.plan(),
            ConfigCommands.apply(),
            HostCommands.save(),
            HostCommands.resurrect(),
            AccessCommands.listen(),
            AccessCommands.token(),
            WebCommand.web(),
            ClusterCommands.cluster(),
            ClusterCommands.nodes(),
            HostCommands.doctor(),
            HostCommands.update(),
            HostCommands.startup(),
            HostCommands.unstartup(),
            new CommandSpec(
                    "daemon",
                    List.of(),
                    Runner.FULL,
                    "",
                    0,
                    0,
                    false,
                    List.of(),
                    "run the daemon in the foreground",
                    "Runs the daemon in the foreground until it is told to end. Other commands start one in the"
                            + " background when it is needed.",
                    List.of("bunctl daemon"),
                    arguments -> new Request.RunDaemon()),
            new CommandSpec(
                    "completion",
                    List.of(),
                    Runner.FULL,
                    "bash|zsh|fish",
                    1,
                    1,
                    false,
                    List.of(),
                    "print a completion script for a shell",
                    "Prints a script for the shell to read: with bash, eval \"$(bunctl completion bash)\" in ~/.bashrc;"
                            + " with zsh the same in ~/.zshrc, behind compinit; with fish, bunctl completion fish >"
                            + " ~/.config/fish/completions/bunctl.fish.",
                    List.of("eval \"$(bunctl completion bash)\""),
                    Interpretations::completion),
            new CommandSpec(
                    "version",
                    List.of("--version", "-v", "-V"),
                    Runner.FULL,
                    "",
                    0,
                    0,
                    false,
                    List.of(),
                    "print the version",
                    "Prints the version of bunctl.",
                    List.of("bunctl --version"),
                    arguments -> new Request.ShowVersion()),
            new CommandSpec(
                    "help",
                    List.of("--help", "-h"),
                    Runner.FULL,
                    "[COMMAND]",
                    0,
                    1,
                    false,
                    List.of(),
                    "print help, for one command or all",
                    "Prints the help of one command, or all commands.",
                    List.of("bunctl help start"),
                    Interpretations::help));

    private CommandTable() {}

    private static List<OptionSpec> setLimitOptions() {
        List<OptionSpec> options = new ArrayList<>(LimitOptions.ALL);
        options.add(JSON);
        return options;
    }

    private static List<OptionSpec> startOptions() {
        List<OptionSpec> options = new ArrayList<>(APP_OPTIONS);
        options.addAll(List.of(NO_WAIT, UPDATE_ENV, JSON));
        return options;
    }

    private static CommandSpec start() {
        return new CommandSpec(
                "start",
                List.of(),
                Runner.FULL,
                "[SCRIPT|FILE|NAME|ID|all|- ...]",
                0,
                MANY,
                true,
                startOptions(),
                "start a script, an app, or a configuration",
                "A word that is an existing file, or ends like a script, is a script or a configuration; else a known app;"
                        + " else an app of the configuration found in the current folder or in ./config. Without words,"
                        + " every app of that configuration is started; - reads a configuration in JSON from stdin. Words behind -- are handed to the app. Returns when every instance"
                        + " is ready, or says why not and ends with exit code 1.",
                List.of(
                        "bunctl start server.ts --name api -i 2 -- --verbose",
                        "bunctl start worker --command \"bun run work.ts --queue mail\"",
                        "bunctl start",
                        "bunctl start ecosystem.config.js --only api,worker --env production",
                        "bunctl start all"),
                Interpretations::start);
    }

    /** Every command, in the order of the help. */
    public static List<CommandSpec> all() {
        return ALL;
    }

    /** The command of that name or alias. */
    public static Optional<CommandSpec> find(String word) {
        return ALL.stream().filter(command -> command.isCalled(word)).findFirst();
    }

    /** Every name and alias that is a word. */
    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (CommandSpec command : ALL) {
            words.add(command.name());
            command.aliases().stream().filter(alias -> !alias.startsWith("-")).forEach(words::add);
        }
        return words;
    }
}
