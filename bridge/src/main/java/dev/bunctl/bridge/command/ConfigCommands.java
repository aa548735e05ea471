package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import java.util.List;

/** The commands that are about configurations. */
final class ConfigCommands {
    static final OptionSpec CONFIG = OptionSpec.value("config", "", "FILE", "the configuration to read");
    static final OptionSpec ONLY = OptionSpec.value(
                    "only", "", "NAMES", "only these apps of the configuration, with commas between them")
            .repeated();
    private static final OptionSpec ENVIRONMENT =
            OptionSpec.value("env", "", "NAME", "take the variables of env_NAME as well");

    private ConfigCommands() {}

    static CommandSpec init() {
        return new CommandSpec(
                "init",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(
                        OptionSpec.value("name", "n", "NAME", "name of the app"),
                        OptionSpec.value("entry", "", "FILE", "the file that the app runs; found unless given")
                                .alias("script"),
                        OptionSpec.value("port", "p", "PORT", "sets PORT in its environment"),
                        OptionSpec.value("memory", "", "SIZE", "memory limit such as 512M")
                                .alias("max-memory"),
                        OptionSpec.value("cpu", "", "PERCENT", "CPU limit; 100 is one core")
                                .alias("max-cpu"),
                        OptionSpec.value("runtime", "", "PROGRAM", "what runs the file, such as bun or node")
                                .alias("interpreter"),
                        OptionSpec.choice("autostart", "whether it starts with the daemon", "true", "false"),
                        OptionSpec.value("instances", "i", "COUNT", "how many processes; max is one a core"),
                        OptionSpec.value("cwd", "", "FOLDER", "working directory"),
                        OptionSpec.value("env-file", "", "FILE", "a file of NAME=value lines"),
                        OptionSpec.flag("ecosystem", "", "write ecosystem.config.js, as pm2 reads it"),
                        OptionSpec.value("from-ecosystem", "", "FILE", "take over the apps of this configuration"),
                        OptionSpec.value("format", "", "FORMAT", "json, yaml, js, cjs, mjs or ts"),
                        OptionSpec.flag("yes", "y", "ask nothing"),
                        OptionSpec.flag("force", "f", "replace a file that is there"),
                        CommandTable.JSON),
                "write a first configuration",
                "Finds out what starts the project (scripts, module and main of package.json, then src/server.ts,"
                        + " index.js and the like) and writes a configuration that `bunctl start` can use as it is: the"
                        + " app is resolved first, and nothing is written when it could not start. On a terminal it"
                        + " shows the file and asks, unless --yes is given. Prints the path of the file.",
                List.of(
                        "bunctl init",
                        "bunctl init --entry src/server.ts --port 3000 --memory 512M --yes",
                        "bunctl init --from-ecosystem ecosystem.config.js"),
                ConfigInterpretations::init);
    }

    static CommandSpec validate() {
        return new CommandSpec(
                "validate",
                List.of(),
                Runner.FULL,
                "[FILE ...]",
                0,
                CommandTable.MANY,
                false,
                List.of(ENVIRONMENT, CommandTable.JSON),
                "check configurations, for CI",
                "Reads and resolves each file, or the one that is found, as `bunctl start` would, and starts nothing."
                        + " Prints one line a file; every mistake goes to stderr with file, line and column, what was"
                        + " expected and what is there. Exit code 0: all can be started; 3: something is not valid;"
                        + " 5: all that is wrong is that a file, folder or program is missing on this host.",
                List.of("bunctl validate", "bunctl validate deploy/*.json --json"),
                ConfigInterpretations::validate);
    }

    static CommandSpec config() {
        return new CommandSpec(
                "config",
                List.of(),
                Runner.FULL,
                "[FILE]",
                0,
                1,
                false,
                List.of(
                        CONFIG,
                        OptionSpec.flag("explain", "", "say where each value comes from"),
                        OptionSpec.flag("schema", "", "print the JSON schema of configurations"),
                        ENVIRONMENT,
                        ONLY,
                        CommandTable.JSON),
                "show what a configuration comes to",
                "Prints every app as it would be started, with secrets masked. With --explain it prints which file was"
                        + " read, which lie there unread, and for each value the line it stands in, or that it is the"
                        + " default.",
                List.of("bunctl config", "bunctl config --explain", "bunctl config --schema"),
                ConfigInterpretations::config);
    }

    static CommandSpec plan() {
        return new CommandSpec(
                "plan",
                List.of(),
                Runner.FULL,
                "[FILE]",
                0,
                1,
                false,
                List.of(
                        CONFIG,
                        ENVIRONMENT,
                        ONLY,
                        OptionSpec.flag("exit-code", "", "end with exit code 1 when something would be done"),
                        CommandTable.JSON),
                "show what apply would do",
                "Compares a configuration with what is running, field by field, and prints what `bunctl apply` would do"
                        + " with each app: start, stop (and forget), reload (new processes come up before the old ones"
                        + " go), restart, change live (no process ends), or nothing. A configuration speaks for the"
                        + " apps that were started from its file and for those it names; others are left alone. Changes"
                        + " nothing and starts no daemon. Exit code 0, unless --exit-code is given.",
                List.of("bunctl plan", "bunctl plan ecosystem.config.js --env production --exit-code"),
                ConfigInterpretations::plan);
    }

    static CommandSpec apply() {
        return new CommandSpec(
                "apply",
                List.of(),
                Runner.FULL,
                "[FILE]",
                0,
                1,
                false,
                List.of(CONFIG, ENVIRONMENT, ONLY, CommandTable.NO_WAIT, CommandTable.JSON),
                "make what is running what the configuration says",
                "Does exactly what `bunctl plan` shows. Apps that the file has no more are stopped and forgotten; apps"
                        + " from elsewhere are left alone; an app that was stopped by hand takes its new settings and"
                        + " stays stopped. What an app inherited from its first starter's environment is kept. An"
                        + " invalid configuration changes nothing. With \"watch_config\": true in the file the daemon"
                        + " does the same whenever the file is saved, and `bunctl status` says when it could not.",
                List.of("bunctl apply", "bunctl apply deploy/bunctl.json --only api"),
                ConfigInterpretations::apply);
    }
}
