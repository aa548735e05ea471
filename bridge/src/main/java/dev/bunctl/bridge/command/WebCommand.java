package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import dev.bunctl.bridge.message.Command;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The command that opens the web page. */
final class WebCommand {
    private static final String OFF = "off";
    private static final String OPEN = "open";
    private static final String ADDRESS = "address";
    private static final String PORT = "port";

    private WebCommand() {}

    static CommandSpec web() {
        return new CommandSpec(
                "web",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(
                        OptionSpec.flag(OPEN, "", "show it in the browser of this host"),
                        OptionSpec.value(ADDRESS, "", "ADDRESS", "an IP address of this host; 127.0.0.1 at first"),
                        OptionSpec.value(PORT, "", "PORT", "9615 at first; 0 is any free one"),
                        OptionSpec.flag(OFF, "", "close it"),
                        CommandTable.JSON),
                "open the web page",
                "Turns the web page on, also for later daemons, and prints where it is, with a login that is good once"
                        + " within five minutes; others log in with a token. /metrics for Prometheus and /healthz are on"
                        + " the same port. Off loopback it is encrypted, with a certificate that bunctl makes unless"
                        + " daemon.json names one; its fingerprint is printed too. While it is on, what instances use is kept for ten minutes.",
                List.of("bunctl web --open", "bunctl web --json", "bunctl web --off"),
                WebCommand::web);
    }

    private static Request web(Arguments arguments) throws UsageException {
        boolean off = arguments.has(OFF);
        if (off && (arguments.has(OPEN) || arguments.has(ADDRESS) || arguments.has(PORT))) {
            throw new UsageException("--off goes with no other option but --json");
        }
        Optional<String> port = arguments.value(PORT);
        return new Request.Web(
                new Command.Web(
                        !off, arguments.value(ADDRESS), port.isEmpty() ? OptionalInt.empty() : port(port.get())),
                arguments.has(OPEN),
                arguments.has("json"));
    }

    private static OptionalInt port(String text) throws UsageException {
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException none) {
            throw new UsageException("--port takes a number, not '" + text + "'");
        }
    }
}
