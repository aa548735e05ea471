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
import dev.bunctl.cli.full.remote.RemoteLink;
import dev.bunctl.cli.full.remote.RemoteOptions;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.Console;
import dev.bunctl.cli.thin.DaemonLink;
import dev.bunctl.cli.thin.LinkRefusedException;
import dev.bunctl.cli.thin.ThinClient;
import dev.bunctl.conf.source.ConfigSchema;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** Carries out what the daemon cannot do alone: start, what is about configurations, help, completion. */
public final class FullClient {
    private FullClient() {}

    /** Runs one command line and ends the process with its exit code. */
    public static void main(String[] argv) {
        System.exit(run(argv));
    }

    static int run(String[] words) {
        try {
            Optional<RemoteOptions> remote = RemoteOptions.read(List.of(words), System.getenv());
            String[] argv = remote.map(RemoteOptions::argv).orElse(words);
            DaemonLink way = remote.isPresent() ? new RemoteLink(remote.get()) : new DaemonLink();
            return switch (Grammar.parse(List.of(argv), Caller.isTerminal(1))) {
                case Request.Ask _, Request.ReadLogs _ -> ThinClient.run(argv, way);
                case Request.Local local ->
                    local(local, remote.isPresent() ? remote(local, way) : GuardStart.ofCaller());
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
        } catch (LinkRefusedException refused) {
            Console.fail(String.valueOf(refused.getMessage()), refused.hint());
            return refused.exit();
        } catch (FileSystemException failure) {
            Console.fail(failure.getFile() + ": " + reason(failure), null);
            return ErrorCode.INTERNAL.exitCode();
        } catch (IOException failure) {
            Console.fail(String.valueOf(failure.getMessage()), null);
            return ErrorCode.INTERNAL.exitCode();
        }
    }

    /** Java names the most frequent ones by their class alone. */
    private static String reason(FileSystemException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file";
            case FileAlreadyExistsException _ -> "something else is there already";
            default -> String.valueOf(failure.getReason());
        };
    }

    /** What is about this host has no meaning on another. */
    private static Reach remote(Request.Local request, DaemonLink way) throws LinkRefusedException {
        boolean travels = switch (request) {
            case Request.Start _, Request.Plan _, Request.Apply _ -> true;
            case Request.Save _, Request.Resurrect _, Request.Access _, Request.Listen _, Request.Web _ -> true;
            case Request.JoinCluster _, Request.LeaveCluster _ -> true;
            case Request.Init _, Request.Validate _, Request.ShowConfig _, Request.ShowSchema _ -> false;
            case Request.Doctor _, Request.Update _, Request.Startup _, Request.RunDaemon _, Request.Run _ -> false;
        };
        if (!travels) {
            throw new LinkRefusedException(
                    ErrorCode.USAGE.exitCode(), "this command is about this host", "run it there, or without --host");
        }
        return new RemoteReach(way);
    }

    private static int local(Request.Local request, Reach daemon) throws IOException {
        Presentation how = presentation(isJson(request));
        try {
            return print(rendered(request, daemon, how));
        } catch (FailureException failure) {
            return print(Failures.rendered(failure, how));
        }
    }

    private static boolean isJson(Request.Local request) {
        return switch (request) {
            case Request.Start start -> start.json();
            case Request.Run run -> false;
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

    private static Rendered rendered(Request.Local request, Reach daemon, Presentation how)
            throws IOException, FailureException {
        return switch (request) {
            case Request.Start start -> Render.answer(answer(start, daemon), how);
            case Request.Run run -> new RunCommand(run, daemon).run(how);
            case Request.Init init -> new InitCommand(init, how).run();
            case Request.Validate validate -> new ValidateCommand(validate, how).run();
            case Request.ShowConfig show -> new ConfigCommand(show, how).run();
            case Request.Plan plan -> new ApplyCommand(daemon, how).plan(plan);
            case Request.Apply apply -> new ApplyCommand(daemon, how).apply(apply);
            case Request.ShowSchema schema -> new Rendered(ConfigSchema.text(), "", 0);
            case Request.OnHost onHost -> HostCommand.run(onHost, daemon, how);
            case Request.RunDaemon _ ->
                throw new IllegalStateException("bin/bunctl runs the guard itself for 'daemon'");
        };
    }

    private static Answer answer(Request.Start start, Reach daemon) throws IOException, FailureException {
        try (StartCommand command = new StartCommand(daemon, start);
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
