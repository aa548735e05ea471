package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand.StopInstance;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Brings instances down and says what became of them. */
final class Stopper {
    /** What killing the rest of a tree and draining its output may add to its time to stop. */
    static final Duration GRACE = Duration.ofSeconds(15);

    private final Fleet fleet;
    private final Waits waits;
    private final StateStore store;

    Stopper(Fleet fleet, Waits waits, StateStore store) {
        this.fleet = fleet;
        this.waits = waits;
        this.store = store;
    }

    /** @param turn empty when it has no supervisor, and so nothing of it runs */
    record Taken(Target target, OptionalInt turn) implements Turn {}

    /**
     * Takes the turn of an instance that is to be stopped, or deleted.
     */
    Taken take(Target target, Intent intent) {
        Optional<InstanceSnapshot> snapshot = fleet.snapshot(target.name());
        if (snapshot.isEmpty()) {
            return new Taken(target, OptionalInt.empty());
        }
        int turn = fleet.takeTurn(target.name(), intent);
        waits.changed(snapshot.get()); // a start that waits for its turn ends its wait
        return new Taken(target, OptionalInt.of(turn));
    }

    /** Stops an instance; completes when nothing of it runs. */
    Future<InstanceResult> stop(Target target) {
        return stop(take(target, Intent.STOP));
    }

    /** The same, unless another command has wanted something else since its turn was taken. */
    Future<InstanceResult> stop(Taken one) {
        String name = one.name();
        Optional<InstanceSnapshot> before = fleet.snapshot(name);
        if (before.isEmpty() || one.turn().isEmpty()) {
            return Future.succeededFuture(Results.done(name, "was not running"));
        }
        if (!isWanted(one)) {
            return Future.succeededFuture(Results.done(name, "left alone: another command wants it"));
        }
        String word = atRest(before.get()) ? "was not running" : "stopped";
        return down(one.target(), one.turn().getAsInt())
                .map(snapshot -> atRest(snapshot)
                        ? Results.done(name, word)
                        : Results.done(name, "stopped, and another command started it again"))
                .otherwise(cause -> Results.failed(name, cause));
    }

    private Future<InstanceSnapshot> down(Target target, int turn) {
        String name = target.name();
        Predicate<InstanceSnapshot> down = snapshot -> atRest(snapshot) || !fleet.hasTurn(name, turn);
        Duration within = target.spec().stop().timeout().plus(GRACE);
        return fleet.ask(name, new StopInstance())
                .compose(reply -> down.test(reply)
                        ? Future.succeededFuture(reply)
                        : waits.until(name, down, within, "still running after " + within.toSeconds() + " s"));
    }

    private static boolean atRest(InstanceSnapshot snapshot) {
        return switch (snapshot.state()) {
            case STOPPED, ERRORED -> snapshot.identity().isEmpty();
            case LAUNCHING, ONLINE, STOPPING, WAITING_RESTART -> false;
        };
    }

    /** Stops an instance and forgets it, unless another command wants it again before it is down. */
    Future<InstanceResult> delete(Target target) {
        return delete(take(target, Intent.DELETE));
    }

    private boolean isWanted(Taken one) {
        return one.turn().isPresent() && fleet.hasTurn(one.name(), one.turn().getAsInt());
    }

    /** The same, unless another command has wanted something else since its turn was taken. */
    Future<InstanceResult> delete(Taken one) {
        Target target = one.target();
        String name = one.name();
        Future<Void> stopped =
                isWanted(one) ? down(target, one.turn().getAsInt()).mapEmpty() : Future.succeededFuture();
        stopped.onFailure(_ -> finishLater(target));
        return stopped.compose(_ -> forget(target))
                .map(gone -> gone
                        ? Results.done(name, "deleted")
                        : Results.failed(name, "another command wanted it again meanwhile"))
                .otherwise(cause -> Results.failed(name, cause));
    }

    private void finishLater(Target target) {
        waits.until(target.name(), Stopper::atRest).compose(_ -> forget(target)).onFailure(cause -> {
            var _ = Results.failed(target.name(), cause); // logged there; a next daemon tries again
        });
    }

    private Future<Boolean> forget(Target target) {
        return store.change(Changes.forget(target, Intent.DELETE)).compose(gone -> {
            if (!gone) {
                return Future.succeededFuture(false);
            }
            waits.forget(target.name());
            return fleet.remove(target.name()).map(true);
        });
    }
}
