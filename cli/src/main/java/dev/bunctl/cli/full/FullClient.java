package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Completion;
import dev.bunctl.bridge.command.Grammar;
import dev.bunctl.bridge.command.Help;
import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.Console;
import dev.bunctl.cli.thin.ThinClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Carries out what the daemon cannot do alone: start, help, completion. */
public final class FullClient {
    private FullClient() {}

    /** Runs one command line and ends the process with its exit code. */
    public static void main(String[] argv) {
        System.exit(run(argv));
    }

    private static int run(String[] argv) {
        try {
            return switch (Grammar.parse(List.of(argv), Caller.isTerminal(1))) {
                case Request.Ask ask -> ThinClient.run(argv);
                case Request.Start start -> start(start);
                case Request.RunDaemon daemon ->
                    throw new IllegalStateException("bin/bunctl runs the guard itself for 'daemon'");
                case Request.ShowHelp help ->
                    print(new Rendered(help.command().map(Help::of).orElseGet(Help::overall), "", 0));
                case Request.ShowVersion version ->
                    throw new IllegalStateException("bin/bunctl prints the version itself");
                case Request.ShowCompletion completion ->
                    print(new Rendered(Completion.script(completion.shell()), "", 0));
                case Request.Rejected rejected -> print(Render.rejected(rejected, presentation(false)));
            };
        } catch (Console.ReaderGoneException gone) {
            return Console.ReaderGoneException.EXIT;
        } catch (IOException failure) {
            Console.fail(String.valueOf(failure.getMessage()), null);
            return ErrorCode.INTERNAL.exitCode();
        }
    }

    private static int start(Request.Start start) throws IOException {
        Presentation how = presentation(start.json());
        try {
            return print(Render.answer(answer(start), how));
        } catch (FailureException failure) {
            return fail(failure, how);
        }
    }

    private static Answer answer(Request.Start start) throws IOException, FailureException {
        try (StartCommand command = new StartCommand(GuardStart.ofCaller(), start);
                Progress _ = Progress.show("starting")) {
            return command.run();
        }
    }

    /** A configuration may have several problems: one line each. */
    private static int fail(FailureException failure, Presentation how) throws IOException {
        String[] lines = String.valueOf(failure.getMessage()).split("\n", -1);
        if (how.json()) {
            return print(Render.error(failure.code(), String.join("; ", lines), failure.hint(), how));
        }
        int last = lines.length - 1;
        for (int n = 0; n < last; n++) {
            int _ = print(Render.error(failure.code(), lines[n], Optional.empty(), how));
        }
        return print(Render.error(failure.code(), lines[last], failure.hint(), how));
    }

    private static int print(Rendered rendered) throws IOException {
        int written = Console.out(rendered.out()) + Console.err(rendered.err());
        return written < 0 ? ErrorCode.INTERNAL.exitCode() : rendered.exitCode();
    }

    private static Presentation presentation(boolean json) {
        boolean colours = Caller.isTerminal(1)
                && Caller.isTerminal(2)
                && !Caller.wantsNoColour()
                && !"dumb".equals(System.getenv("TERM"));
        return new Presentation(json, colours, Caller.isTerminal(1) ? Caller.columns() : 0);
    }
}
