package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.SnapshotName;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.conf.unit.ServiceUnit.Scope;
import java.io.IOException;

/** The commands that look after bunctl itself. */
final class HostCommand {
    private HostCommand() {}

    static Rendered run(Request.OnHost request, Reach daemon, Presentation how) throws IOException, FailureException {
        return switch (request) {
            case Request.Doctor doctor -> DoctorCommand.run(how.json());
            case Request.Save save -> asked(daemon, running(daemon), new Command.Save(save.name()), how);
            case Request.Resurrect(SnapshotName name, boolean untilReady, boolean _) ->
                asked(daemon, daemon.connect(), new Command.Resurrect(name, untilReady), how);
            case Request.Access(AccessCommand command, boolean _) ->
                asked(daemon, reached(daemon, command), command, how);
            case Request.Listen listen -> asked(daemon, daemon.connect(), ListenFiles.command(listen), how);
            case Request.JoinCluster join -> asked(daemon, daemon.connect(), NodeFiles.command(join), how);
            case Request.LeaveCluster _ -> asked(daemon, running(daemon), new ClusterCommand.Leave(), how);
            case Request.Web web -> WebPage.run(web, daemon, how);
            case Request.Update update -> update(how);
            case Request.Startup startup -> startup(startup, how);
        };
    }

    /** Who makes a token wants it to be good for something; the others have nothing to say to a daemon that is not there. */
    private static FrameChannel reached(Reach daemon, AccessCommand command) throws FailureException {
        return command instanceof AccessCommand.CreateToken ? daemon.connect() : running(daemon);
    }

    static FrameChannel running(Reach daemon) throws FailureException {
        FrameChannel link = daemon.connectIfRunning();
        if (link == null) {
            throw new FailureException(
                    ErrorCode.NO_DAEMON,
                    "no daemon runs in " + Caller.home(),
                    "'bunctl start' starts one, with every app that should run");
        }
        return link;
    }

    private static Rendered asked(Reach daemon, FrameChannel link, Command command, Presentation how)
            throws IOException, FailureException {
        try (DaemonCall call = new DaemonCall(link, daemon.log())) {
            return Render.answer(call.ask(command), how);
        }
    }

    private static Rendered startup(Request.Startup request, Presentation how) throws IOException, FailureException {
        boolean system = request.system().isPresent()
                ? request.system().get()
                : Systemd.of(Scope.SYSTEM).isRoot();
        Systemd systemd = Systemd.of(system ? Scope.SYSTEM : Scope.USER);
        StartupCommand command = new StartupCommand(systemd, request.dryRun(), how);
        return request.install() ? command.install() : command.remove();
    }

    private static Rendered update(Presentation how) throws IOException, FailureException {
        try (Progress _ = Progress.show("updating")) {
            return UpdateCommand.ofCaller().run(how.json());
        }
    }
}
