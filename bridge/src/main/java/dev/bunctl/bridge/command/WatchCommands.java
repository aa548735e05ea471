package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.Command;
import java.util.List;

/** The commands that turn the watch over files on and off. */
final class WatchCommands {
    private WatchCommands() {}

    static CommandSpec watch() {
        return new CommandSpec(
                "watch",
                List.of(),
                CommandSpec.Runner.DAEMON,
                CommandTable.NAMES,
                1,
                CommandTable.MANY,
                false,
                List.of(CommandTable.JSON),
                "restart apps when their files change",
                "Watches the files that each app names by watch, or its whole folder when it names none, less what"
                        + " ignore_watch leaves out. It holds from now on without a restart, and over restarts of the app,"
                        + " the daemon and the machine, until the app is started with a configuration that says otherwise.",
                List.of("bunctl watch api", "bunctl watch all"),
                arguments -> toggle(arguments, true));
    }

    static CommandSpec unwatch() {
        return new CommandSpec(
                "unwatch",
                List.of(),
                CommandSpec.Runner.DAEMON,
                CommandTable.NAMES,
                1,
                CommandTable.MANY,
                false,
                List.of(CommandTable.JSON),
                "restart apps no more when their files change",
                "Ends what watch began. What an app names to be watched is kept, for when it is watched again.",
                List.of("bunctl unwatch api"),
                arguments -> toggle(arguments, false));
    }

    private static Request toggle(Arguments arguments, boolean on) throws UsageException {
        return Interpretations.ask(new Command.Watch(Interpretations.selection(arguments), on), arguments);
    }
}
