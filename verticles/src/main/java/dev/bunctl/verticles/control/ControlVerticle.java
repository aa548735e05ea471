package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.message.SnapshotName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.SupervisorCommand.ResetInstance;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes what the user wants and asks the supervisors to make it so. The only one that does either. A command is
 * answered when its change is durable and, where it says so, when the instances have come where it wants them; none
 * waits for another.
 */
public final class ControlVerticle extends VerticleBase {
    private static final System.Logger LOG = System.getLogger(ControlVerticle.class.getName());

    /** What a supervisor says when the policy of its app wants it deleted. */
    private static final String GIVEN_UP_FOR_GOOD = "gave_up_for_good";

    private final ControlSetting setting;
    private final StateStore store;
    private @Nullable Parts parts;
    private @Nullable Future<Answer> ending;

    public ControlVerticle(ControlSetting setting) {
        this.setting = setting;
        this.store = setting.store();
    }

    /** What needs a running Vert.x. */
    private record Parts(
            Fleet fleet,
            Waits waits,
            Starter starter,
            Stopper stopper,
            Inspector inspector,
            Applier applier,
            Strays strays,
            LogKeeping logs,
            Housekeeping housekeeping) {}

    @Override
    public Future<?> start() {
        Waits waits = new Waits(vertx);
        Fleet fleet = new Fleet(vertx, setting.supervisors(), setting.survivors(), waits::changed);
        Starter starter = new Starter(fleet, waits, store::state);
        Stopper stopper = new Stopper(fleet, waits, store);
        Inspector inspector = new Inspector(vertx, setting, fleet);
        Parts made = new Parts(
                fleet,
                waits,
                starter,
                stopper,
                inspector,
                new Applier(starter, stopper, inspector),
                new Strays(vertx, setting.platform().processes()),
                new LogKeeping(setting.logs(), store::state),
                new Housekeeping(vertx, setting));
        parts = made;
        vertx.eventBus().<InstanceEvent>localConsumer(InternalAddresses.EVENTS, message -> heard(message.body()));
        vertx.eventBus().<Command>localConsumer(InternalAddresses.CONTROL, this::asked);
        made.strays
                .end(fleet.takeHelpers())
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "a former daemon's helpers run on", cause));
        takeUp(made);
        // Nobody is served before what is said is so.
        return fleet.settled();
    }

    private Parts parts() {
        Parts made = parts;
        if (made == null) {
            throw new IllegalStateException("not started");
        }
        return made;
    }

    /** Takes up what a former daemon, or a former boot, was told to do. */
    private void takeUp(Parts made) {
        for (Target target : Choice.everything(store.state())) {
            boolean survived = made.fleet.hasSurvivor(target.name());
            switch (target.instance().intent()) {
                case RUN -> {
                    if (survived) {
                        made.fleet.ensure(target, true);
                    } else if (target.spec().autoStart()) {
                        made.starter.takeUp(target);
                    }
                }
                case STOP -> {
                    if (survived) {
                        made.fleet.ensure(target);
                        logged(made.stopper.stop(target));
                    }
                }
                case DELETE -> {
                    if (survived) {
                        made.fleet.ensure(target);
                    }
                    logged(made.stopper.delete(target));
                }
            }
        }
    }

    private static void logged(Future<InstanceResult> result) {
        result.onSuccess(one -> LOG.log(System.Logger.Level.INFO, "{0}: {1}", one.instance(), one.outcome()));
    }

    private void heard(InstanceEvent event) {
        if (!parts().fleet.heard(event)) {
            return;
        }
        parts().waits.changed(event.snapshot());
        if (event.type().equals(GIVEN_UP_FOR_GOOD)) {
            delete(new Selection.Named(List.of(event.snapshot().instance())))
                    .onFailure(cause -> LOG.log(
                            System.Logger.Level.WARNING, event.snapshot().instance() + " was not deleted", cause));
        }
    }

    private void asked(Message<Command> message) {
        Command command = message.body();
        Future<Answer> answer;
        try {
            answer = answered(command);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.otherwise(ControlVerticle::failure).onSuccess(result -> {
            message.reply(result);
            if (command instanceof Command.Kill) {
                setting.ended().run();
            }
            if (command instanceof Command.Update && result instanceof Answer.Pong) {
                setting.handedOver().run();
            }
        });
    }

    private static Answer failure(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.log(System.Logger.Level.WARNING, "the desired state could not be saved", cause);
            return new Answer.Refused(
                    ErrorCode.INTERNAL,
                    "the change could not be saved, so nothing was changed: " + cause.getMessage(),
                    Optional.of("make room or give write access in the folder state/ of the home, then try again"));
        }
        LOG.log(System.Logger.Level.ERROR, "a command failed", cause);
        return new Answer.Refused(
                ErrorCode.INTERNAL,
                "a failure inside bunctl: " + cause,
                Optional.of("daemon.log in the home has more"));
    }

    private Future<Answer> answered(Command command) {
        return switch (command) {
            case Command.Ping() -> Future.succeededFuture(parts().inspector.pong());
            case Command.Status(Selection selection) -> parts().inspector.status(selection);
            case Command.Describe(Selection selection) -> parts().inspector.description(selection);
            case Command.Logs _ ->
                Future.succeededFuture(
                        refused(ErrorCode.UNSUPPORTED, "logs are streamed into a session, see the client protocol"));
            case Command.Start start -> start(start);
            case Command.Plan(Configuration configuration) ->
                Future.succeededFuture(parts().applier.plan(store.state(), configuration));
            case Command.Apply apply -> apply(apply);
            case Command.StartKnown(Selection selection, boolean untilReady) -> startKnown(selection, untilReady);
            case Command.Stop(Selection selection) -> stop(selection);
            case Command.Restart restart -> restart(restart);
            case Command.Reload(Selection selection) -> reload(selection);
            case Command.Delete(Selection selection) -> delete(selection);
            case Command.Reset(Selection selection) -> reset(selection);
            case Command.SetLimits(Selection selection, LimitChanges changes) ->
                changed(
                        Changes.limit(
                                selection, changes, spec -> parts().inspector.strictProblem(List.of(spec))),
                        accepted -> each(accepted, parts().starter::limit));
            case Command.Watch(Selection selection, boolean on) ->
                changed(
                        Watching.toggle(selection, on),
                        accepted -> each(accepted, target -> Watching.carryOut(parts().fleet, target)));
            case Command.Kill() -> kill();
            case Command.FlushLogs(Selection selection) -> parts().logs.flush(selection);
            case Command.RotateLogs(Selection selection) -> parts().logs.rotate(selection);
            case Command.ReloadLogs() -> parts().logs.reopen();
            case Command.Save(SnapshotName name) -> parts().housekeeping.save(name, store.state());
            case Command.Resurrect(SnapshotName name, boolean untilReady) ->
                parts().housekeeping.resurrect(name, specs -> start(new Command.Start(specs, untilReady)));
            case Command.Update update ->
                parts().housekeeping.update(update, parts().inspector.pong());
        };
    }

    private static Answer.Refused refused(ErrorCode code, String detail) {
        return new Answer.Refused(code, detail, Optional.empty());
    }

    private Future<Answer> start(Command.Start command) {
        Optional<Answer.Refused> unfit = parts().inspector.unfit(command.specs());
        if (unfit.isPresent()) {
            return Future.succeededFuture(unfit.get());
        }
        return changed(Changes.start(command), accepted -> {
            List<Future<InstanceResult>> results = new ArrayList<>();
            for (Target target : accepted.targets()) {
                Novelty novelty = accepted.novelty(target);
                results.add(
                        novelty != Novelty.NONE && command.updateEnvironment()
                                ? parts().starter.restart(target, command.untilReady())
                                : parts().starter.start(target, novelty, command.untilReady()));
            }
            accepted.surplus().forEach(target -> results.add(parts().stopper.delete(target)));
            return results;
        });
    }

    private Future<Answer> apply(Command.Apply command) {
        if (ending != null) {
            return Future.succeededFuture(refused(ErrorCode.INTERNAL, "the daemon is ending"));
        }
        Applier applier = parts().applier;
        return store.change(applier.change(command.configuration())).compose(verdict -> switch (verdict) {
            case Applier.Verdict.Rejected(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Applier.Verdict.Accepted(Application application) ->
                gathered(application.targets(), applier.carryOut(application.moves(), command.untilReady()))
                        .map(answer -> warned(answer, application.warnings()));
        });
    }

    private static Answer warned(Answer answer, List<String> warnings) {
        if (!(answer instanceof Answer.Changed changed)) {
            return answer;
        }
        List<String> all = new ArrayList<>(warnings);
        all.addAll(changed.warnings());
        return new Answer.Changed(changed.results(), changed.instances(), all);
    }

    private Future<Answer> startKnown(Selection selection, boolean untilReady) {
        return changed(
                Changes.intend(selection, Intent.RUN, UnaryOperator.identity()),
                accepted -> each(accepted, target -> parts().starter.start(target, Novelty.NONE, untilReady)));
    }

    private Future<Answer> restart(Command.Restart command) {
        Optional<Map<String, String>> environment = command.updatedEnvironment();
        UnaryOperator<AppSpec> respecified =
                environment.isPresent() ? spec -> Changes.inherit(spec, environment.get()) : UnaryOperator.identity();
        return changed(
                Changes.intend(command.selection(), Intent.RUN, respecified),
                accepted -> each(accepted, target -> parts().starter.restart(target, command.untilReady())));
    }

    private Future<Answer> reload(Selection selection) {
        return changed(
                Changes.intend(selection, Intent.RUN, UnaryOperator.identity()),
                accepted -> Rolling.over(accepted.targets(), parts().starter::reload));
    }

    private Future<Answer> stop(Selection selection) {
        return changed(
                Changes.intend(selection, Intent.STOP, UnaryOperator.identity()),
                accepted -> each(accepted, parts().stopper::stop));
    }

    private Future<Answer> delete(Selection selection) {
        return changed(
                Changes.intend(selection, Intent.DELETE, UnaryOperator.identity()),
                accepted -> each(accepted, parts().stopper::delete));
    }

    private static List<Future<InstanceResult>> each(
            Changes.Plan.Accepted accepted, Function<Target, Future<InstanceResult>> action) {
        return accepted.targets().stream().map(action).toList();
    }

    private Future<Answer> reset(Selection selection) {
        return switch (Choice.of(store.state(), selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Choice.Chosen(List<Target> targets) ->
                gathered(targets, targets.stream().map(this::resetOne).toList());
        };
    }

    private Future<InstanceResult> resetOne(Target target) {
        String name = target.name();
        if (parts().fleet.snapshot(name).isEmpty()) {
            return Future.succeededFuture(Results.done(name, "reset"));
        }
        return parts().fleet
                .ask(name, new ResetInstance())
                .map(_ -> Results.done(name, "reset"))
                .otherwise(cause -> Results.failed(name, cause));
    }

    /** Makes a change durable, then carries it out. */
    private Future<Answer> changed(
            StateStore.Change<Changes.Plan> change,
            Function<Changes.Plan.Accepted, List<Future<InstanceResult>>> carryOut) {
        if (ending != null) {
            return Future.succeededFuture(refused(ErrorCode.INTERNAL, "the daemon is ending"));
        }
        return store.change(change).compose(plan -> switch (plan) {
            case Changes.Plan.Rejected(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Changes.Plan.Accepted accepted ->
                ending != null
                        ? Future.succeededFuture(
                                refused(ErrorCode.INTERNAL, "the daemon is ending; the change was saved"))
                        : gathered(all(accepted), carryOut.apply(accepted));
        });
    }

    private static List<Target> all(Changes.Plan.Accepted accepted) {
        Map<Integer, Target> all = new LinkedHashMap<>();
        accepted.targets().forEach(target -> all.put(target.instance().id(), target));
        accepted.surplus().forEach(target -> all.put(target.instance().id(), target));
        return List.copyOf(all.values());
    }

    private Future<Answer> gathered(List<Target> targets, List<Future<InstanceResult>> results) {
        return Future.all(results).compose(all -> parts().inspector.changed(targets, all.list()));
    }

    private Future<Answer> kill() {
        Future<Answer> already = ending;
        if (already != null) {
            return already;
        }
        List<Target> running = Choice.everything(store.state()).stream()
                .filter(target -> parts().fleet.snapshot(target.name()).isPresent())
                .toList();
        List<Future<InstanceResult>> results =
                running.stream().map(parts().stopper::stop).toList();
        Future<Answer> ended = parts().strays.end(parts().fleet.takeStrays()).compose(_ -> gathered(running, results));
        ending = ended;
        return ended;
    }
}
