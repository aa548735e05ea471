package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
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
import java.util.List;
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
    private final Supplier<DesiredState> state;

    Starter(Fleet fleet, Waits waits, Supplier<DesiredState> state) {
        this.fleet = fleet;
        this.waits = waits;
        this.state = state;
    }

    /** Another command has taken the turn. */
    private static final class Superseded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Superseded() {
            super("another command wants something else");
        }
    }

    /** What an instance waits for has failed. */
    private static final class DependencyFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DependencyFailed(InstanceSnapshot dependency) {
            super("waits for " + dependency.instance() + ", which failed: " + dependency.reason());
        }
    }

    /**
     * Starts an instance once its dependencies have come as far as asked.
     *
     * @param novelty in what the app was known with another specification
     */
    Future<InstanceResult> start(Target target, Novelty novelty, boolean untilReady) {
        String name = target.name();
        int former = fleet.generation(name);
        fleet.ensure(target);
        int turn = fleet.takeTurn(name, Intent.RUN);
        Future<Void> free = dependencies(target.spec(), untilReady);
        Future<InstanceSnapshot> asked = free.compose(_ -> asked(name, turn, new StartInstance(target.spec())));
        if (!untilReady) {
            return (free.isComplete() ? asked.map(Starter::underWay) : waiting(target, asked))
                    .otherwise(cause -> ended(target, cause));
        }
        return asked.compose(reply -> settled(target, reply, turn, readyWithin(target.spec())))
                .map(snapshot -> judged(snapshot, turn, word(snapshot, former, novelty)))
                .otherwise(cause -> ended(target, cause));
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

    private Future<InstanceResult> waiting(Target target, Future<InstanceSnapshot> later) {
        later.onFailure(cause -> {
            if (!(cause instanceof Superseded)) {
                var _ = Results.failed(target.name(), cause); // logged there; the asker was answered already
            }
        });
        return Future.succeededFuture(Results.done(target.name(), "waits for " + names(target.spec())));
    }

    private static String names(AppSpec spec) {
        List<String> names = new ArrayList<>();
        spec.dependencies().forEach(dependency -> names.add(dependency.app().value()));
        return String.join(", ", names);
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
    Future<InstanceResult> restart(Target target, boolean untilReady) {
        String name = target.name();
        fleet.ensure(target);
        int turn = fleet.takeTurn(name, Intent.RUN);
        Future<InstanceSnapshot> asked = asked(name, turn, new RestartInstance(target.spec()));
        if (!untilReady) {
            return asked.map(Starter::underWay).otherwise(cause -> ended(target, cause));
        }
        Duration within = readyWithin(target.spec()).plus(target.spec().stop().timeout());
        return asked.compose(reply -> settled(target, reply, turn, within))
                .map(snapshot -> judged(snapshot, turn, "restarted"))
                .otherwise(cause -> ended(target, cause));
    }

    /** Replaces the process of an instance by a new one once that is ready; a stopped instance is started. */
    Future<InstanceResult> reload(Target target) {
        String name = target.name();
        int former = fleet.generation(name);
        fleet.ensure(target);
        int turn = fleet.takeTurn(name, Intent.RUN);
        Duration within = readyWithin(target.spec()).plus(target.spec().stop().timeout());
        return asked(name, turn, new ReloadInstance(target.spec()))
                .compose(reply -> settled(target, reply, turn, within))
                .map(snapshot -> snapshot.state() == State.ONLINE && !snapshot.succeeded()
                        ? Results.failed(snapshot)
                        : judged(snapshot, turn, former == 0 ? "started" : "reloaded"))
                .otherwise(cause -> ended(target, cause));
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

    private Future<InstanceSnapshot> asked(String name, int turn, SupervisorCommand command) {
        return fleet.hasTurn(name, turn) ? fleet.ask(name, command) : Future.failedFuture(new Superseded());
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

    private InstanceResult ended(Target target, Throwable cause) {
        if (cause instanceof DependencyFailed) {
            bringUp(target);
        }
        return cause instanceof Superseded || cause instanceof DependencyFailed
                ? Results.failed(target.name(), String.valueOf(cause.getMessage()))
                : Results.failed(target.name(), cause);
    }

    /**
     * Sees to it that an instance runs which the user had started in the time of a former daemon, as soon as its
     * dependencies let it.
     */
    void takeUp(Target target) {
        dependencies(target.spec(), false).onSuccess(_ -> {
            if (isStillWanted(target)) {
                fleet.ensure(target, true);
            }
        });
    }

    private boolean isStillWanted(Target target) {
        DesiredApp app = state.get().apps().get(target.spec().name().value());
        return app != null
                && app.instances().stream()
                        .anyMatch(one -> one.id() == target.instance().id() && one.intent() == Intent.RUN);
    }

    /** Starts an instance as soon as its dependencies let it; nobody waits for it. */
    private void bringUp(Target target) {
        start(target, Novelty.NONE, false).onSuccess(result -> {
            if (!result.succeeded()) {
                var _ = Results.failed(target.name(), new IllegalStateException(result.outcome()));
            }
        });
    }

    private Future<Void> dependencies(AppSpec spec, boolean untilFailed) {
        List<Future<?>> all = new ArrayList<>();
        for (Dependency dependency : spec.dependencies()) {
            DesiredApp app = state.get().apps().get(dependency.app().value());
            if (app != null) {
                app.instances().forEach(one -> all.add(dependency(dependency, app.instanceName(one), untilFailed)));
            }
        }
        return all.isEmpty() ? Future.succeededFuture() : Future.all(all).mapEmpty();
    }

    private Future<Void> dependency(Dependency dependency, String instance, boolean untilFailed) {
        Predicate<InstanceSnapshot> met = snapshot -> Dependencies.met(dependency.condition(), snapshot);
        Predicate<InstanceSnapshot> failed = snapshot -> untilFailed && snapshot.settled() && !snapshot.succeeded();
        Predicate<InstanceSnapshot> either = met.or(failed);
        Future<InstanceSnapshot> come = fleet.snapshot(instance)
                .filter(either)
                .map(Future::succeededFuture)
                .orElseGet(() -> waits.until(instance, either));
        return come.compose(snapshot ->
                met.test(snapshot) ? Future.succeededFuture() : Future.failedFuture(new DependencyFailed(snapshot)));
    }
}
