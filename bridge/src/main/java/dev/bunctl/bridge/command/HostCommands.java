package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import dev.bunctl.bridge.message.SnapshotName;
import java.util.List;
import java.util.Optional;

/** The commands that look after bunctl itself and its place on the host. */
final class HostCommands {
    private static final OptionSpec USER = OptionSpec.flag("user", "", "the caller's own service manager");
    private static final OptionSpec SYSTEM = OptionSpec.flag("system", "", "the host's service manager; needs root");
    private static final OptionSpec DRY_RUN =
            OptionSpec.flag("dry-run", "", "only print what would be done, the unit to stdout");

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

    static CommandSpec save() {
        return new CommandSpec(
                "save",
                List.of("dump"),
                Runner.FULL,
                "[NAME]",
                0,
                1,
                false,
                List.of(CommandTable.JSON),
                "keep what should run under a name",
                "What should run is always saved and comes back with the daemon: there is nothing to forget. A snapshot"
                        + " is a copy of it under a name, 'default' unless another is given, to go back to with"
                        + " resurrect. It holds the apps' environment and is readable by its owner alone.",
                List.of("bunctl save", "bunctl save before-migration"),
                arguments -> new Request.Save(snapshot(arguments), arguments.has("json")));
    }

    static CommandSpec resurrect() {
        return new CommandSpec(
                "resurrect",
                List.of(),
                Runner.FULL,
                "[NAME]",
                0,
                1,
                false,
                List.of(CommandTable.NO_WAIT, CommandTable.JSON),
                "start the apps of a snapshot",
                "Starts the apps that were to run when the snapshot was made, as they were then specified, and the daemon"
                        + " if none runs. Apps that are not in it are left alone.",
                List.of("bunctl resurrect", "bunctl resurrect before-migration"),
                arguments ->
                        new Request.Resurrect(snapshot(arguments), !arguments.has("no-wait"), arguments.has("json")));
    }

    private static SnapshotName snapshot(Arguments arguments) throws UsageException {
        if (arguments.operands().isEmpty()) {
            return SnapshotName.DEFAULT;
        }
        try {
            return new SnapshotName(arguments.operands().getFirst());
        } catch (IllegalArgumentException invalid) {
            throw new UsageException(String.valueOf(invalid.getMessage()));
        }
    }

    static CommandSpec update() {
        return new CommandSpec(
                "update",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(CommandTable.JSON),
                "put this version in the place of the one that runs",
                "Puts guard and daemon of the version that this command belongs to in the place of those that run. No app"
                        + " is restarted and no line of output is lost. The new version is tried first; one that cannot"
                        + " take over leaves the old one running, and the command says why and ends with exit code 12.",
                List.of("bunctl update"),
                arguments -> new Request.Update(arguments.has("json")));
    }

    static CommandSpec startup() {
        return new CommandSpec(
                "startup",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(USER, SYSTEM, DRY_RUN, CommandTable.JSON),
                "start bunctl and its apps with the host",
                "Writes and enables a systemd service that runs this home's guard and daemon, and starts it if no daemon"
                        + " runs. For root a service of the host, for others one of their own, which lingers: it runs"
                        + " without a login. After a reboot every app that should run is started, in the order of"
                        + " dependencies.",
                List.of("bunctl startup", "bunctl startup --user --dry-run"),
                arguments -> startup(arguments, true));
    }

    static CommandSpec unstartup() {
        return new CommandSpec(
                "unstartup",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(USER, SYSTEM, DRY_RUN, CommandTable.JSON),
                "undo startup",
                "Disables and removes the service that startup wrote, and the lingering if startup turned it on. A daemon"
                        + " that runs, and its apps, run on.",
                List.of("bunctl unstartup", "bunctl unstartup --system --dry-run"),
                arguments -> startup(arguments, false));
    }

    private static Request startup(Arguments arguments, boolean install) throws UsageException {
        boolean system = arguments.has("system");
        if (system && arguments.has("user")) {
            throw new UsageException("--user and --system cannot both be given");
        }
        Optional<Boolean> scope = system || arguments.has("user") ? Optional.of(system) : Optional.empty();
        return new Request.Startup(install, scope, arguments.has("dry-run"), arguments.has("json"));
    }
}
