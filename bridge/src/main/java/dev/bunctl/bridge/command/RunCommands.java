package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code run}: apps in the foreground. */
final class RunCommands {
    private static final List<String> POLICIES = List.of("always", "on-failure", "no");

    private RunCommands() {}

    static CommandSpec run() {
        List<OptionSpec> options = new ArrayList<>(CommandTable.APP_OPTIONS);
        options.add(OptionSpec.value(
                "restart", "", "POLICY", "always, on-failure or no, for every app, whatever its configuration says"));
        options.add(OptionSpec.flag("raw", "", "print lines as they come"));
        options.add(OptionSpec.flag("prefix", "", "print each line behind the name of its instance"));
        options.add(OptionSpec.flag("json", "", "print each line as a JSON object"));
        return new CommandSpec(
                "run",
                List.of(),
                Runner.FULL,
                "[SCRIPT|FILE|NAME ...]",
                0,
                CommandTable.MANY,
                true,
                options,
                "run apps in the foreground, as in a container",
                "Runs a script, a command or the apps of a configuration until all of them have ended for good, and prints"
                        + " what they print: stdout to stdout, stderr to stderr, in whole lines. Lines come as they are,"
                        + " behind the names of instances when there are several, or as the configuration says. Nothing"
                        + " is written to disk but log files that the configuration names; what bunctl itself needs"
                        + " lies in a folder in memory that is removed in the end. It may be PID 1: TERM and INT stop the"
                        + " apps, each in its own way and time, and a second one kills them; HUP, QUIT, USR1 and USR2 are"
                        + " passed on to every app; orphans are reaped. Apps made on the command line are restarted when"
                        + " they fail, those of a configuration by their own policy. The exit code is that of the first"
                        + " app that failed for good (128 and the signal that ended it, 127 when it could not be"
                        + " started), else 0; 137 when an app had to be killed because it did not stop in its time, 141 when"
                        + " nobody reads the output any more.",
                List.of(
                        "bunctl run server.ts",
                        "bunctl run ecosystem.config.js --env production --json",
                        "bunctl run job --command \"bun run import.ts\" --restart no"),
                RunCommands::read);
    }

    private static Request read(Arguments arguments) throws UsageException {
        Optional<String> restart = arguments.value("restart");
        if (restart.isPresent() && !POLICIES.contains(restart.get())) {
            throw new UsageException(
                    "--restart takes " + String.join(", ", POLICIES) + ", not '" + restart.get() + "'");
        }
        return new Request.Run(Interpretations.start(arguments), output(arguments), restart);
    }

    private static Optional<RunOutput> output(Arguments arguments) throws UsageException {
        List<RunOutput> given = new ArrayList<>();
        for (RunOutput output : RunOutput.values()) {
            if (arguments.has(output.option())) {
                given.add(output);
            }
        }
        if (given.size() > 1) {
            throw new UsageException(
                    "--" + given.get(0).option() + " and --" + given.get(1).option() + " cannot both be given");
        }
        return given.stream().findFirst();
    }
}
