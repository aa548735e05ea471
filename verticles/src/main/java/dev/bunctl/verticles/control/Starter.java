package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.internal.SupervisorCommand.ChangeInstance;
import dev.bunctl.verticles.internal.SupervisorCommand.ChangeLimits;
import dev.bunctl.verticles.internal.SupervisorCommand.ReloadInstance;
import dev.bunctl.verticles.internal.SupervisorCommand.RestartInstance;
import dev.bunctl.verticles.internal.SupervisorCommand.StartInstance;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Brings instances up and says what became of them. */
final class Starter {
    /** What spawning, announcing and a busy host may add to the times that a specification allows. */
    static final Duration GRACE = Duration.ofSeconds(10);

    private static final String LATER = "limits changed, for its next start";
    private static final String CHANGED = "changed, without a restart";

    private final Fleet fleet;
    private final Waits waits;
    private final Gate gate;
    private final Supplier<DesiredState> state;
    /** The turns of instances that come up by themselves once their dependencies let them. */
    private final Map<String, Integer> later = new HashMap<>();

    Starter(Fleet fleet, Waits waits, Gate gate, Supplier<DesiredState> state) {
        this.fleet = fleet;
        this.waits = waits;
        this.gate = gate;
        this.state = state;
    }

    /** Another command has taken the turn. */
    private static final class Superseded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Superseded() {
            super("another command wants something else");
        }
    }

    /** @param former the newest generation when the turn was taken */
    record Taken(Target target, int former, int turn) implements Turn {}

    /** Takes the turn of an instance that is to run. */
    Taken take(Target target) {
        int former = fleet.generation(target.name());
        fleet.ensure(target);
        return new Taken(target, former, fleet.takeTurn(target.name(), Intent.RUN));
    }

    /**
     * Starts instances, each once its dependencies have come as far as asked.
     *
     * @param novelty in what the app of each was known with another specification
     * @return a result for each target
     */
    List<Future<InstanceResult>> start(List<Target> targets, Function<Target, Novelty> novelty, boolean untilReady) {
        List<Taken> taken = targets.stream().map(this::take).toList();
        // All before the first: how one of them ended before must not count for those that wait for it.
        taken.forEach(one -> gate.ask(one.name()));
        List<Future<InstanceResult>> results = new ArrayList<>(taken.size());
        for (Taken one : taken) {
            results.add(untilReady ? started(one, novelty.apply(one.target())) : starting(one));
        }
        return results;
    }

    private Future<InstanceResult> started(Taken one, Novelty novelty) {
        // Asked before the start, which the supervisor takes up behind it: what is said to be changed has been.
        Future<InstanceResult> limited = novelty == Novelty.LIMITS
                ? limit(one.target())
                : Future.succeededFuture(Results.done(one.name(), LATER));
        return broughtUp(one, novelty)
                .compose(up -> limited.map(limits -> limits.succeeded() || !up.succeeded() ? up : limits));
    }

    private Future<InstanceResult> broughtUp(Taken one, Novelty novelty) {
        Target target = one.target();
        return told(one, passed(one, true))
                .compose(reply -> settled(target, reply, one.turn(), readyWithin(target.spec())))
                .map(snapshot -> judged(snapshot, one.turn(), word(snapshot, one.former(), novelty)))
                .otherwise(cause -> ended(one, cause));
    }

    private Future<Void> passed(Taken one, boolean untilHopeless) {
        return gate.passed(one.target(), untilHopeless, () -> fleet.hasTurn(one.name(), one.turn()));
    }

    private Future<InstanceSnapshot> told(Taken one, Future<Void> passed) {
        return passed.compose(_ -> asked(one, new StartInstance(one.target().spec())))
                .onComplete(_ -> gate.told(one.name()));
    }

    private Future<InstanceResult> starting(Taken one) {
        Future<Void> passed = passed(one, false);
        boolean waits = !passed.isComplete();
        Future<InstanceSnapshot> told = told(one, passed);
        if (!waits) {
            return told.map(Starter::underWay).otherwise(cause -> ended(one, cause));
        }
        told.onFailure(cause -> logged(one, cause));
        return Future.succeededFuture(
                Results.done(one.name(), "waits for " + Gate.names(one.target().spec())));
    }

    /** Nobody waits for it any more. */
    private static void logged(Taken one, Throwable cause) {
        if (!(cause instanceof Superseded)) {
            var _ = Results.failed(one.name(), cause); // logged there
        }
    }

    private static String word(InstanceSnapshot snapshot, int former, Novelty novelty) {
        if (snapshot.state() != State.ONLINE || snapshot.generation() != former) {
            return "started";
        }
        return switch (novelty) {
            case NONE -> "already running";
            case LIMITS -> "already running; its limits were changed";
            case MORE -> "already running; what changed is used from its next restart";
        };
    }

    private static InstanceResult underWay(InstanceSnapshot snapshot) {
        return switch (snapshot.state()) {
            case ERRORED -> Results.failed(snapshot);
            case ONLINE -> Results.done(snapshot.instance(), "running");
            case LAUNCHING, STOPPING, STOPPED, WAITING_RESTART -> Results.done(snapshot.instance(), "starting");
        };
    }

    /** Gives an instance the limits of its app, at once when it runs. */
    Future<InstanceResult> limit(Target target) {
        String name = target.name();
        if (fleet.snapshot(name).isEmpty()) {
            return Future.succeededFuture(Results.done(name, LATER));
        }
        return fleet.ask(name, new ChangeLimits(target.spec()))
                .map(snapshot -> Results.done(name, snapshot.identity().isPresent() ? "limits changed" : LATER))
                .otherwise(cause -> Results.failed(name, cause));
    }

    /** Stops and starts an instance. */
    Future<InstanceResult> restart(Taken one, boolean untilReady) {
        Target target = one.target();
        Future<InstanceSnapshot> asked = asked(one, new RestartInstance(target.spec()));
        if (!untilReady) {
            return asked.map(Starter::underWay).otherwise(cause -> ended(one, cause));
        }
        Duration within = readyWithin(target.spec()).plus(target.spec().stop().timeout());
        return asked.compose(reply -> settled(target, reply, one.turn(), within))
                .map(snapshot -> judged(snapshot, one.turn(), "restarted"))
                .otherwise(cause -> ended(one, cause));
    }

    /** Replaces the process of an instance by a new one once that is ready; a stopped instance is started. */
    Future<InstanceResult> reload(Taken one) {
        Target target = one.target();
        Duration within = readyWithin(target.spec()).plus(target.spec().stop().timeout());
        return asked(one, new ReloadInstance(target.spec()))
                .compose(reply -> settled(target, reply, one.turn(), within))
                .map(snapshot -> snapshot.state() == State.ONLINE && !snapshot.succeeded()
                        ? Results.failed(snapshot)
                        : judged(snapshot, one.turn(), one.former() == 0 ? "started" : "reloaded"))
                .otherwise(cause -> ended(one, cause));
    }

    /** Gives an instance other settings as it is; no process of it ends. */
    Future<InstanceResult> change(Target target) {
        String name = target.name();
        if (fleet.snapshot(name).isEmpty()) {
            return Future.succeededFuture(Results.done(name, CHANGED));
        }
        return limit(target)
                .compose(limited -> fleet.ask(name, new ChangeInstance(target.spec()))
                        .map(_ -> limited.succeeded() ? Results.done(name, CHANGED) : limited))
                .otherwise(cause -> Results.failed(name, cause));
    }

    private Future<InstanceSnapshot> asked(Taken one, SupervisorCommand command) {
        return fleet.hasTurn(one.name(), one.turn())
                ? fleet.ask(one.name(), command)
                : Future.failedFuture(new Superseded());
    }

    private static Duration readyWithin(AppSpec spec) {
        Duration least = spec.readiness().sign() instanceof Readiness.Alive(Duration after) ? after : Duration.ZERO;
        Duration declared = spec.readiness().timeout();
        return (declared.compareTo(least) > 0 ? declared : least).plus(GRACE);
    }

    private Future<InstanceSnapshot> settled(Target target, InstanceSnapshot reply, int turn, Duration within) {
        Predicate<InstanceSnapshot> decided = snapshot ->
                snapshot.settled() || snapshot.state() == State.WAITING_RESTART || !fleet.hasTurn(target.name(), turn);
        return decided.test(reply)
                ? Future.succeededFuture(reply)
                : waits.until(target.name(), decided, within, "not ready within " + within.toSeconds() + " s");
    }

    private InstanceResult judged(InstanceSnapshot snapshot, int turn, String word) {
        if (!fleet.hasTurn(snapshot.instance(), turn)) {
            return Results.failed(snapshot.instance(), "another command stopped it meanwhile");
        }
        return switch (snapshot.state()) {
            case ONLINE -> Results.done(snapshot.instance(), word);
            case STOPPED ->
                snapshot.succeeded()
                        ? Results.done(snapshot.instance(), "finished: " + snapshot.reason())
                        : Results.failed(snapshot);
            case LAUNCHING, STOPPING, WAITING_RESTART, ERRORED -> Results.failed(snapshot);
        };
    }

    private InstanceResult ended(Taken one, Throwable cause) {
        if (cause instanceof Gate.HopelessException) {
            bringUp(one);
        }
        return cause instanceof Superseded || cause instanceof Gate.HopelessException
                ? Results.failed(one.name(), String.valueOf(cause.getMessage()))
                : Results.failed(one.name(), cause);
    }

    /**
     * Sees to it that an instance runs which the user had started in the time of a former daemon, as soon as its
     * dependencies let it.
     */
    void takeUp(Target target) {
        gate.ask(target.name());
        gate.passed(target, false, () -> true).onComplete(passed -> {
            if (passed.succeeded() && isStillWanted(target)) {
                fleet.ensure(target, true);
            }
            gate.told(target.name());
        });
    }

    private boolean isStillWanted(Target target) {
        DesiredApp app = state.get().apps().get(target.spec().name().value());
        return app != null
                && app.instances().stream()
                        .anyMatch(one -> one.id() == target.instance().id() && one.intent() == Intent.RUN);
    }

    /** Starts an instance as soon as its dependencies let it; nobody waits for it. */
    private void bringUp(Taken one) {
        Integer waiting = later.put(one.name(), one.turn());
        if (waiting != null && waiting == one.turn()) {
            return;
        }
        gate.ask(one.name());
        told(one, passed(one, false))
                .onComplete(_ -> later.remove(one.name(), one.turn()))
                .onFailure(cause -> logged(one, cause));
    }
}
