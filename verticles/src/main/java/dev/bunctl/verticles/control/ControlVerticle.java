package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.message.SnapshotName;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
    private boolean settled;
    private boolean concluded;

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
            Orders orders,
            Strays strays,
            LogKeeping logs,
            Housekeeping housekeeping,
            Conclusion conclusion) {}

    @Override
    public Future<?> start() {
        Waits waits = new Waits(vertx, this::changed);
        Fleet fleet = new Fleet(vertx, setting.supervisors(), setting.survivors(), waits::changed);
        Gate gate = new Gate(fleet, waits, store::state);
        Starter starter = new Starter(fleet, waits, gate, store::state);
        Stopper stopper = new Stopper(fleet, waits, store);
        Inspector inspector = new Inspector(vertx, setting, fleet, gate);
        Applier applier = new Applier(starter, stopper, inspector);
        Parts made = new Parts(
                fleet,
                waits,
                starter,
                stopper,
                inspector,
                new Orders(setting, fleet, starter, stopper, inspector, applier, () -> ending != null),
                new Strays(vertx, setting.platform().processes()),
                new LogKeeping(setting.logs(), store::state),
                new Housekeeping(vertx, setting),
                new Conclusion(fleet, gate, store::state, setting.platform()));
        parts = made;
        vertx.eventBus().<InstanceEvent>localConsumer(InternalAddresses.EVENTS, message -> heard(message.body()));
        vertx.eventBus().<Command>localConsumer(InternalAddresses.CONTROL, this::asked);
        made.strays
                .end(fleet.takeHelpers())
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "a former daemon's helpers run on", cause));
        takeUp(made);
        // Nobody is served before what is said is so.
        return fleet.settled().onComplete(_ -> {
            settled = true;
            concludeIfOver(made);
        });
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
        // First: who waits for this change may be the command that ends the run.
        parts().conclusion.heard(event.snapshot());
        parts().waits.changed(event.snapshot());
        if (event.type().equals(GIVEN_UP_FOR_GOOD)) {
            parts().orders
                    .delete(new Selection.Named(List.of(event.snapshot().instance())))
                    .onFailure(cause -> LOG.log(
                            System.Logger.Level.WARNING, event.snapshot().instance() + " was not deleted", cause));
        }
    }

    /** Nobody asks for the end of a run whose apps have all come to theirs. */
    private void changed(InstanceSnapshot snapshot) {
        Parts made = parts;
        if (made == null || !setting.endsWithApps()) {
            return;
        }
        made.conclusion.heard(snapshot);
        concludeIfOver(made);
    }

    private void concludeIfOver(Parts made) {
        if (setting.endsWithApps() && settled && !concluded && ending == null && made.conclusion.isOver()) {
            concluded = true;
            kill().onSuccess(_ -> setting.ended().accept(made.conclusion.exitCode()));
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
                setting.ended().accept(parts().conclusion.exitCode());
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
                Future.succeededFuture(Orders.refused(
                        ErrorCode.UNSUPPORTED, "logs are streamed into a session, see the client protocol"));
            case Command.UsageHistory _, Command.RecentEvents _, Command.Web _, ClusterCommand _, LogReading _ ->
                Future.succeededFuture(Orders.refused(ErrorCode.UNSUPPORTED, "this is not asked of control"));
            case Command.Start start -> parts().orders.start(start);
            case Command.Plan(Configuration configuration) -> parts().orders.plan(configuration);
            case Command.Apply apply -> parts().orders.apply(apply);
            case Command.StartKnown(Selection selection, boolean untilReady) ->
                parts().orders.startKnown(selection, untilReady);
            case Command.Stop(Selection selection) -> parts().orders.stop(selection);
            case Command.Restart restart -> parts().orders.restart(restart);
            case Command.Reload(Selection selection, int parallel) ->
                parts().orders.reload(selection, parallel);
            case Command.Scale scale -> parts().orders.scale(scale);
            case Command.SendSignal(Selection selection, String signal) ->
                parts().orders.signal(selection, signal);
            case Command.History(Selection selection) -> parts().inspector.history(selection);
            case Command.Delete(Selection selection) -> parts().orders.delete(selection);
            case Command.Reset(Selection selection) -> parts().orders.reset(selection);
            case Command.SetLimits(Selection selection, LimitChanges changes) ->
                parts().orders.limit(selection, changes);
            case Command.Watch(Selection selection, boolean on) ->
                parts().orders.watch(selection, on);
            case Command.Kill() -> kill();
            case Command.FlushLogs(Selection selection) -> parts().logs.flush(selection);
            case Command.RotateLogs(Selection selection) -> parts().logs.rotate(selection);
            case Command.ReloadLogs() -> parts().logs.reopen();
            case AccessCommand access -> setting.access().apply(access);
            case Command.Save(SnapshotName name) -> parts().housekeeping.save(name, store.state());
            case Command.Resurrect(SnapshotName name, boolean untilReady) ->
                parts().housekeeping
                        .resurrect(name, specs -> parts().orders.start(new Command.Start(specs, untilReady)));
            case Command.Update update ->
                parts().housekeeping.update(update, parts().inspector.pong());
        };
    }

    private Future<Answer> kill() {
        Future<Answer> already = ending;
        if (already != null) {
            return already;
        }
        List<Target> running = Choice.everything(store.state()).stream()
                .filter(target -> parts().fleet.snapshot(target.name()).isPresent())
                .toList();
        List<Future<InstanceResult>> results = parts().orders.down(running, Intent.STOP, parts().stopper::stop);
        Future<Answer> ended = parts().strays
                .end(parts().fleet.takeStrays())
                .compose(_ -> parts().orders.gathered(running, results));
        ending = ended;
        return ended;
    }
}
