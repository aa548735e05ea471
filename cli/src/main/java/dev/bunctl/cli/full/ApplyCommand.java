package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.ConfigChoice;
import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.plan.Plan;
import dev.bunctl.conf.source.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code bunctl plan} and {@code bunctl apply}: reads the configuration here, and lets the daemon compare and act. */
final class ApplyCommand {
    private static final String NOTHING_RUNS =
            "no daemon runs, so nothing does; 'bunctl apply' starts one, and with it every app that was running";

    private final Reach daemon;
    private final Configurations configurations;
    private final Presentation how;

    ApplyCommand(Reach daemon, Presentation how) throws FailureException {
        this.daemon = daemon;
        this.how = how;
        this.configurations = Configurations.ofCaller();
    }

    Rendered apply(Request.Apply request) throws FailureException, IOException {
        Configuration configuration = read(request.choice());
        FrameBudget.check(configuration.specs());
        try (DaemonCall call = new DaemonCall(daemon.connect(), daemon.log());
                Progress _ = Progress.show("applying")) {
            Answer answer = call.ask(new Command.Apply(configuration, request.untilReady()));
            boolean idle = answer instanceof Answer.Changed changed
                    && changed.results().isEmpty();
            Rendered shown = Render.answer(Warnings.before(answer, configurations.takeWarnings()), how);
            return idle ? new Rendered(shown.out(), shown.err() + "nothing to do\n", shown.exitCode()) : shown;
        }
    }

    Rendered plan(Request.Plan request) throws FailureException, IOException {
        Answer answer = Warnings.before(planned(read(request.choice())), configurations.takeWarnings());
        Rendered shown = Render.answer(answer, how);
        boolean differs = answer instanceof Answer.Planned planned && !planned.isEmpty();
        return request.exitCode() && differs
                ? new Rendered(shown.out(), shown.err(), ErrorCode.APP_FAILED.exitCode())
                : shown;
    }

    private Configuration read(ConfigChoice choice) throws FailureException {
        Path file = configurations.need(choice.file(), "write one: bunctl init");
        Loaded loaded = Configurations.among(configurations.load(file), choice.only());
        List<AppSpec> specs = configurations.resolved(loaded, Configurations.options(choice.environmentName()));
        return new Configuration(specs, new Origin(file, choice.environmentName(), loaded.watched()), choice.only());
    }

    /** A plan starts no daemon. */
    private Answer planned(Configuration configuration) throws FailureException, IOException {
        FrameChannel running = daemon.connectIfRunning();
        if (running == null) {
            boolean ranOnce = Files.exists(Path.of(Caller.home(), "state", "desired.json"));
            return new Answer.Planned(
                    Plan.between(List.of(), configuration.specs()).steps(),
                    ranOnce ? List.of(NOTHING_RUNS) : List.of());
        }
        FrameBudget.check(configuration.specs());
        try (DaemonCall call = new DaemonCall(running, daemon.log())) {
            return call.ask(new Command.Plan(configuration));
        }
    }
}
