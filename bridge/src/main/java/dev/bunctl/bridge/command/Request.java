package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a command line asks for. */
public sealed interface Request {
    /**
     * Something the daemon is asked.
     *
     * @param command a restart with {@code updateEnvironment} still lacks the environment, which only the client knows
     * @param json whether the answer is shown as JSON
     * @param updateEnvironment whether {@code --update-env} was given
     */
    record Ask(Command command, boolean json, boolean updateEnvironment) implements Request {}

    /**
     * {@code start}: what is to be started is decided by the full client.
     *
     * @param targets scripts, known apps, apps of a configuration, or {@code all}; empty for all of the one found
     * @param name of the app that is made
     * @param script of the app that is made
     * @param command of the app that is made, in one string
     * @param instances a number, {@code max} or a negative number as the user wrote it
     * @param environment overlaid on that of each app
     * @param directory working directory as the user wrote it
     * @param maxMemory as the user wrote it
     * @param maxCpu as the user wrote it, in percent of one core
     * @param config the configuration's path as the user wrote it
     * @param untilReady false for {@code --no-wait}
     * @param updateEnvironment whether known apps take the caller's environment
     * @param json whether the answer is shown as JSON
     * @param arguments handed on to the program
     */
    record Start(
            List<String> targets,
            Optional<String> name,
            Optional<String> script,
            Optional<String> command,
            Optional<String> instances,
            Map<String, String> environment,
            Optional<String> directory,
            Optional<String> maxMemory,
            Optional<String> maxCpu,
            Optional<String> config,
            boolean untilReady,
            boolean updateEnvironment,
            boolean json,
            List<String> arguments)
            implements Request {
        public Start {
            targets = List.copyOf(targets);
            environment = Map.copyOf(environment);
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code daemon}: runs the daemon in the foreground. */
    record RunDaemon() implements Request {}

    /** The help of one command, or of all. */
    record ShowHelp(Optional<CommandSpec> command) implements Request {}

    /** The version. */
    record ShowVersion() implements Request {}

    /** A completion script. */
    record ShowCompletion(Completion.Shell shell) implements Request {}

    /** The command line makes no sense; exit code 2. */
    record Rejected(String message, Optional<String> hint) implements Request {}
}
