package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.HostCapability;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.cli.doctor.Doctor;
import dev.bunctl.cli.doctor.Patient;
import dev.bunctl.cli.doctor.Patient.Daemon;
import dev.bunctl.cli.doctor.Report;
import dev.bunctl.cli.thin.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code bunctl doctor}: asks the daemon if there is one, starts none, and looks at everything else itself. */
final class DoctorCommand {
    /** A healthy daemon answers within milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private DoctorCommand() {}

    static Rendered run(boolean json) throws IOException {
        Path lib = Path.of(System.getProperty("bunctl.lib", "/nonexistent"));
        Path self = Path.of("/proc/self");
        int user = Files.exists(self) && Files.getAttribute(self, "unix:uid") instanceof Integer uid ? uid : -1;
        Patient patient = new Patient(
                Path.of("/"),
                Path.of(Caller.home()),
                lib,
                Caller.environment(),
                user,
                daemon(),
                Files.readString(lib.resolve("version")).strip(),
                Clock.systemUTC().instant());
        return Report.of(Doctor.examine(patient), json);
    }

    private static Daemon daemon() throws IOException {
        try {
            GuardStart guard = GuardStart.ofCaller();
            FrameChannel link = guard.connectIfListening();
            if (link == null) {
                return new Daemon.None();
            }
            try (DaemonCall call = new DaemonCall(link, guard.log(), PATIENCE)) {
                return call.ask(new Command.Ping()) instanceof Answer.Pong pong
                        ? new Daemon.Alive(pong, listening(call), capabilities(call))
                        : new Daemon.Silent("its answer makes no sense here");
            }
        } catch (FailureException failure) {
            return new Daemon.Silent(String.valueOf(failure.getMessage()));
        }
    }

    /** What the daemon found out about this host when it came up. */
    private static List<HostCapability> capabilities(DaemonCall call) throws FailureException {
        return call.ask(new Command.Status(new Selection.All())) instanceof Answer.Status status
                ? status.capabilities()
                : List.of();
    }

    private static Optional<Answer.Listening> listening(DaemonCall call) throws FailureException {
        return call.ask(new AccessCommand.ShowListener()) instanceof Answer.Listening listening
                ? Optional.of(listening)
                : Optional.empty();
    }
}
