package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Completion;
import dev.bunctl.bridge.command.Grammar;
import dev.bunctl.bridge.command.Help;
import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.Console;
import dev.bunctl.cli.thin.ThinClient;
import java.io.IOException;
import java.util.List;

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
            return print(Render.answer(new StartCommand(GuardStart.ofCaller()).run(start), how));
        } catch (FailureException failure) {
            return print(Render.error(
                    failure.code(), String.valueOf(failure.getMessage()), failure.hint(), how));
        }
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
