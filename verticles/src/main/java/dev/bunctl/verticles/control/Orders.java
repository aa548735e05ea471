package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Parallel;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand.ResetInstance;
import dev.bunctl.verticles.internal.SupervisorCommand.SignalInstance;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Carries out commands that are for instances: makes their change durable, then asks the supervisors to make it so. */
final class Orders {
    private final ControlSetting setting;
    private final StateStore store;
    private final Fleet fleet;
    private final Starter starter;
    private final Stopper stopper;
    private final Inspector inspector;
    private final Applier applier;
    private final BooleanSupplier ending;

    /** @param ending whether the daemon is about to end, so that nothing may be started any more */
    Orders(
            ControlSetting setting,
            Fleet fleet,
            Starter starter,
            Stopper stopper,
            Inspector inspector,
            Applier applier,
            BooleanSupplier ending) {
        this.setting = setting;
        this.store = setting.store();
        this.fleet = fleet;
        this.starter = starter;
        this.stopper = stopper;
        this.inspector = inspector;
        this.applier = applier;
        this.ending = ending;
    }

    static Answer.Refused refused(ErrorCode code, String detail) {
        return new Answer.Refused(code, detail, Optional.empty());
    }

    Future<Answer> start(Command.Start command) {
        Optional<Answer.Refused> unfit = inspector.unfit(command.specs());
        if (unfit.isPresent()) {
            return Future.succeededFuture(unfit.get());
        }
        return changed(Changes.start(command), accepted -> {
            List<Target> started = new ArrayList<>();
            List<Future<InstanceResult>> results = new ArrayList<>();
            for (Target target : accepted.targets()) {
                if (accepted.novelty(target) != Novelty.NONE && command.updateEnvironment()) {
                    results.add(starter.restart(starter.take(target), command.untilReady()));
                } else {
                    started.add(target);
                }
            }
            results.addAll(starter.start(started, accepted::novelty, command.untilReady()));
            accepted.surplus().forEach(target -> results.add(stopper.delete(target)));
            return results;
        });
    }

    /** What {@link #apply} would do. */
    Future<Answer> plan(Configuration configuration) {
        return Future.succeededFuture(applier.plan(store.state(), configuration));
    }

    Future<Answer> apply(Command.Apply command) {
        if (ending.getAsBoolean()) {
            return Future.succeededFuture(refused(ErrorCode.INTERNAL, "the daemon is ending"));
        }
        return store.change(applier.change(command.configuration())).compose(verdict -> switch (verdict) {
            case Applier.Verdict.Rejected(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Applier.Verdict.Accepted(Application application) ->
                gathered(application.targets(), applier.carryOut(application.moves(), command.untilReady()))
                        .map(answer -> answer instanceof Answer.Changed changed
                                ? changed.warning(application.warnings())
                                : answer);
        });
    }

    Future<Answer> startKnown(Selection selection, boolean untilReady) {
        return changed(
                Changes.intend(selection, Intent.RUN, UnaryOperator.identity()),
                accepted -> starter.start(accepted.targets(), _ -> Novelty.NONE, untilReady));
    }

    Future<Answer> restart(Command.Restart command) {
        Optional<Map<String, String>> environment = command.updatedEnvironment();
        UnaryOperator<AppSpec> respecified =
                environment.isPresent() ? spec -> Changes.inherit(spec, environment.get()) : UnaryOperator.identity();
        return changed(
                Changes.intend(command.selection(), Intent.RUN, respecified),
                accepted -> rolling(
                        accepted.targets(),
                        command.parallel().orElse(Parallel.MAX),
                        one -> starter.restart(one, command.untilReady())));
    }

    Future<Answer> reload(Selection selection, int parallel) {
        return changed(
                        Changes.intend(selection, Intent.RUN, UnaryOperator.identity()),
                        accepted -> rolling(accepted.targets(), parallel, starter::reload))
                .map(answer -> answer instanceof Answer.Changed changed ? reloaded(selection, changed) : answer);
    }

    private Answer reloaded(Selection selection, Answer.Changed changed) {
        Map<String, String> warnings = new LinkedHashMap<>();
        for (Target target : chosen(selection)) {
            AppSpec spec = target.spec();
            setting.supervisors()
                    .unsharedPorts(spec)
                    .ifPresent(why -> warnings.put(spec.name().value(), Shortfalls.lossyReload(spec, why)));
        }
        return changed.warning(warnings.values());
    }

    private List<Target> chosen(Selection selection) {
        return switch (Choice.of(store.state(), selection)) {
            case Choice.Unknown _ -> List.of();
            case Choice.Chosen(List<Target> targets) -> targets;
        };
    }

    /** So many instances of an app at a time; the turns of all are taken at once. */
    private List<Future<InstanceResult>> rolling(
            List<Target> targets, int parallel, Function<Starter.Taken, Future<InstanceResult>> action) {
        List<Starter.Taken> taken = targets.stream().map(starter::take).toList();
        return InOrder.dependenciesFirst(store.state(), taken, mine -> Rolling.over(mine, parallel, action));
    }

    Future<Answer> scale(Command.Scale scale) {
        return changed(Scaling.of(scale.app(), scale.count()), accepted -> {
                    List<Target> running = new ArrayList<>();
                    List<Future<InstanceResult>> results = new ArrayList<>();
                    for (Target target : accepted.targets()) {
                        switch (target.instance().intent()) {
                            case RUN -> running.add(target);
                            case STOP, DELETE ->
                                results.add(Future.succeededFuture(
                                        Results.done(target.name(), "added, stopped like the others")));
                        }
                    }
                    results.addAll(starter.start(running, _ -> Novelty.NONE, scale.untilReady()));
                    accepted.surplus().forEach(target -> results.add(stopper.delete(target)));
                    return results;
                })
                .compose(answer -> answer instanceof Answer.Changed changed
                        ? inspector.changed(chosen(new Selection.Named(List.of(scale.app()))), changed.results())
                        : Future.succeededFuture(answer));
    }

    /** Changes limits of apps, of those that run at once. */
    Future<Answer> limit(Selection selection, LimitChanges changes) {
        return changed(
                Changes.limit(selection, changes, spec -> inspector.strictProblem(List.of(spec))),
                accepted -> accepted.targets().stream().map(starter::limit).toList());
    }

    Future<Answer> signal(Selection selection, String name) {
        Optional<Signal> signal = Signal.named(name);
        if (signal.isEmpty()) {
            String known = String.join(
                    ", ", Stream.of(Signal.values()).map(Signal::name).toList());
            return Future.succeededFuture(new Answer.Refused(
                    ErrorCode.INVALID, "no signal is called '" + name + "'", Optional.of("known are " + known)));
        }
        return onEach(selection, target -> sent(target, signal.get()));
    }

    private Future<InstanceResult> sent(Target target, Signal signal) {
        String name = target.name();
        if (fleet.snapshot(name).flatMap(InstanceSnapshot::identity).isEmpty()) {
            return Future.succeededFuture(Results.failed(name, "does not run"));
        }
        return fleet.ask(name, new SignalInstance(signal))
                .map(_ -> Results.done(name, "sent " + signal.longName()))
                .otherwise(cause -> Results.failed(name, cause));
    }

    Future<Answer> stop(Selection selection) {
        return changed(
                Changes.intend(selection, Intent.STOP, UnaryOperator.identity()),
                accepted -> down(accepted.targets(), Intent.STOP, stopper::stop));
    }

    Future<Answer> delete(Selection selection) {
        return changed(
                Changes.intend(selection, Intent.DELETE, UnaryOperator.identity()),
                accepted -> down(accepted.targets(), Intent.DELETE, stopper::delete));
    }

    /** Each app after those that depend on it; the turns of all are taken at once. */
    List<Future<InstanceResult>> down(
            List<Target> targets, Intent intent, Function<Stopper.Taken, Future<InstanceResult>> action) {
        List<Stopper.Taken> taken =
                targets.stream().map(target -> stopper.take(target, intent)).toList();
        return InOrder.dependentsFirst(
                store.state(), taken, mine -> mine.stream().map(action).toList());
    }

    Future<Answer> reset(Selection selection) {
        return onEach(selection, this::resetOne);
    }

    /** Does something that changes nothing of what is wanted. */
    private Future<Answer> onEach(Selection selection, Function<Target, Future<InstanceResult>> action) {
        return switch (Choice.of(store.state(), selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Choice.Chosen(List<Target> targets) ->
                gathered(targets, targets.stream().map(action).toList());
        };
    }

    private Future<InstanceResult> resetOne(Target target) {
        String name = target.name();
        if (fleet.snapshot(name).isEmpty()) {
            return Future.succeededFuture(Results.done(name, "reset"));
        }
        return fleet.ask(name, new ResetInstance())
                .map(_ -> Results.done(name, "reset"))
                .otherwise(cause -> Results.failed(name, cause));
    }

    /** Makes a change durable, then carries it out. */
    private Future<Answer> changed(
            StateStore.Change<Changes.Plan> change,
            Function<Changes.Plan.Accepted, List<Future<InstanceResult>>> carryOut) {
        if (ending.getAsBoolean()) {
            return Future.succeededFuture(refused(ErrorCode.INTERNAL, "the daemon is ending"));
        }
        return store.change(change).compose(plan -> switch (plan) {
            case Changes.Plan.Rejected(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Changes.Plan.Accepted accepted ->
                ending.getAsBoolean()
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

    Future<Answer> gathered(List<Target> targets, List<Future<InstanceResult>> results) {
        return Future.all(results).compose(all -> inspector.changed(targets, all.list()));
    }
}
