package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.command.RunOutput;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.RestartPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code bunctl run}, the part that the guard has executed: says what is to run, where its output goes, and ends. What comes
 * after is the guard's and the daemon's.
 */
final class RunCommand {
    private final Request.Run request;
    private final Reach daemon;

    RunCommand(Request.Run request, Reach daemon) {
        this.request = request;
        this.daemon = daemon;
    }

    /** Prints nothing on stdout, which is the apps'. */
    Rendered run(Presentation how) throws IOException, FailureException {
        try (StartCommand start = StartCommand.ofNothingKnown(daemon, request.start(), this::forRun)) {
            Answer answer = start.run();
            if (answer instanceof Answer.Changed changed) {
                // An app that does not come up is told by the daemon, and decides about the exit code, in its own time.
                return new Rendered("", Render.warnings(changed.warnings(), how), 0);
            }
            Rendered refused = Render.answer(answer, how);
            return new Rendered("", refused.err(), refused.exitCode());
        }
    }

    /** Nothing of a configuration but its apps: a run does not follow files that are saved. */
    private StartSources.Batch forRun(StartSources.Batch batch) {
        boolean several = batch.specs().size() > 1
                || batch.specs().stream().anyMatch(spec -> spec.instances().count() > 1);
        int width = batch.specs().stream().mapToInt(RunCommand::width).max().orElse(0);
        List<AppSpec> specs = new ArrayList<>();
        for (AppSpec spec : batch.specs()) {
            RestartPolicy.@Nullable Mode mode = mode(batch.origin());
            RestartPolicy restart =
                    mode == null ? spec.restart() : spec.restart().with(mode);
            LogPolicy logs = logs(spec.logs(), several, width);
            specs.add(spec.withLogs(logs).withRestart(restart));
        }
        return new StartSources.Batch(specs, Optional.empty());
    }

    /** Of {@code api:0}. */
    private static int width(AppSpec spec) {
        String last = Integer.toString(spec.instances().count() - 1);
        return spec.name().value().length() + 1 + last.length();
    }

    /** Null for the app's own. */
    private RestartPolicy.@Nullable Mode mode(Optional<Origin> origin) {
        if (request.restart().isEmpty()) {
            return origin.isEmpty() ? RestartPolicy.Mode.ON_FAILURE : null;
        }
        return switch (request.restart().get()) {
            case "always" -> RestartPolicy.Mode.ALWAYS;
            case "no" -> RestartPolicy.Mode.NO;
            default -> RestartPolicy.Mode.ON_FAILURE;
        };
    }

    private LogPolicy logs(LogPolicy declared, boolean several, int width) {
        LogPolicy.Format usual = several && declared.format() instanceof LogPolicy.Raw
                ? new LogPolicy.Prefixed(width)
                : declared.format();
        LogPolicy.Format format =
                request.output().map(output -> format(output, width)).orElse(usual);
        return declared.to(inherited(declared.stdout()), inherited(declared.stderr()), format);
    }

    private static LogPolicy.Format format(RunOutput output, int width) {
        return switch (output) {
            case RAW -> new LogPolicy.Raw();
            case PREFIX -> new LogPolicy.Prefixed(width);
            case JSON -> new LogPolicy.JsonLines();
        };
    }

    /** A file that the configuration names was asked for, and so was silence. */
    private static LogPolicy.Target inherited(LogPolicy.Target target) {
        return switch (target) {
            case LogPolicy.Standard(), LogPolicy.Inherited() -> new LogPolicy.Inherited();
            case LogPolicy.File file -> file;
            case LogPolicy.Nowhere nowhere -> nowhere;
        };
    }
}
