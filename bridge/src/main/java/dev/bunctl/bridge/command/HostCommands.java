package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import java.util.List;

/** The commands that look after bunctl itself and its place on the host. */
final class HostCommands {
    private HostCommands() {}

    static CommandSpec doctor() {
        return new CommandSpec(
                "doctor",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(CommandTable.JSON),
                "look for what is wrong with bunctl on this host",
                "Looks at Java, Bun, Node, the kernel and its groups, limits, the home, its disk and what is saved in it,"
                        + " the socket, the daemon and the clock. Each finding is ok, warn or broken, with its cause and"
                        + " a remedy. Starts no daemon and changes nothing. Ends with exit code 12 when something is"
                        + " broken.",
                List.of("bunctl doctor", "bunctl doctor --json"),
                arguments -> new Request.Doctor(arguments.has("json")));
    }
}
