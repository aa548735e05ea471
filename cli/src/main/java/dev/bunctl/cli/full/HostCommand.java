package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Rendered;
import java.io.IOException;

/** The commands that look after bunctl itself. */
final class HostCommand {
    private HostCommand() {}

    static Rendered run(Request.OnHost request, Presentation how) throws IOException, FailureException {
        return switch (request) {
            case Request.Doctor doctor -> DoctorCommand.run(how.json());
        };
    }
}
