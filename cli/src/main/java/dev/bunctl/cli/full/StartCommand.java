package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Selection;
import java.io.IOException;

/** {@code bunctl start}. */
final class StartCommand {
    private final GuardStart guard;

    StartCommand(GuardStart guard) {
        this.guard = guard;
    }

    Answer run(Request.Start start) throws FailureException, IOException {
        try (DaemonCall call = new DaemonCall(guard.connect())) {
            return call.ask(new Command.StartKnown(new Selection.All(), start.untilReady()));
        }
    }
}
