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
import dev.bunctl.conf.source.ConfigSchema;
import java.io.IOException;
import java.util.List;

/** Carries out what the daemon cannot do alone: start, what is about configurations, help, completion. */
public final class FullClient {
    private FullClient() {}

    /** Runs one command line and ends the process with its exit code. */
    public static void main(String[] argv) {
        System.exit(run(argv));
    }

    static int run(String[] argv) {
        try {
            return switch (Grammar.parse(List.of(argv), Caller.isTerminal(1))) {
                case Request.Ask _, Request.ReadLogs _ -> ThinClient.run(argv);
                case Request.Local local -> local(local);
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

    private static int local(Request.Local request) throws IOException {
        Presentation how = presentation(isJson(request));
        try {
            return print(rendered(request, how));
        } catch (FailureException failure) {
            return print(Failures.rendered(failure, how));
        }
    }

    private static boolean isJson(Request.Local request) {
        return switch (request) {
            case Request.Start start -> start.json();
            case Request.Init init -> init.json();
            case Request.Validate validate -> validate.json();
            case Request.ShowConfig show -> show.json();
            case Request.Plan plan -> plan.json();
            case Request.Apply apply -> apply.json();
            case Request.ShowSchema schema -> false;
            case Request.OnHost onHost -> onHost.json();
            case Request.RunDaemon daemon -> false;
        };
    }

    private static Rendered rendered(Request.Local request, Presentation how) throws IOException, FailureException {
        return switch (request) {
            case Request.Start start -> Render.answer(answer(start), how);
            case Request.Init init -> new InitCommand(init, how).run();
            case Request.Validate validate -> new ValidateCommand(validate, how).run();
            case Request.ShowConfig show -> new ConfigCommand(show, how).run();
            case Request.Plan plan -> new ApplyCommand(GuardStart.ofCaller(), how).plan(plan);
            case Request.Apply apply -> new ApplyCommand(GuardStart.ofCaller(), how).apply(apply);
            case Request.ShowSchema schema -> new Rendered(ConfigSchema.text(), "", 0);
            case Request.OnHost onHost -> HostCommand.run(onHost, how);
            case Request.RunDaemon daemon ->
                throw new IllegalStateException("bin/bunctl runs the guard itself for 'daemon'");
        };
    }

    private static Answer answer(Request.Start start) throws IOException, FailureException {
        try (StartCommand command = new StartCommand(GuardStart.ofCaller(), start);
                Progress _ = Progress.show("starting")) {
            return command.run();
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
