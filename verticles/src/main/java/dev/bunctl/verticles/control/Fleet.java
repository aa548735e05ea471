package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Survivor;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.state.Intent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The supervisors that are deployed, and what each last said. Used from one event loop. */
final class Fleet {
    private static final System.Logger LOG = System.getLogger(Fleet.class.getName());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final Vertx vertx;
    private final SupervisorFactory factory;
    private final Consumer<InstanceSnapshot> changed;
    private final Map<String, Slot> slots = new HashMap<>();
    private final Map<String, Future<Void>> leaving = new HashMap<>();
    private final Map<String, List<Survivor>> survivors = new HashMap<>();

    /**
     * @param survivors what a former daemon left
     * @param changed told how a new supervisor found its instance
     */
    Fleet(Vertx vertx, SupervisorFactory factory, List<Survivor> survivors, Consumer<InstanceSnapshot> changed) {
        this.changed = changed;
        this.vertx = vertx;
        this.factory = factory;
        for (Survivor survivor : survivors) {
            this.survivors
                    .computeIfAbsent(survivor.key().instance(), _ -> new ArrayList<>())
                    .add(survivor);
        }
    }

    /** One supervisor. */
    private static final class Slot {
        final Future<String> deployment;
        InstanceSnapshot snapshot;
        Intent intent;
        int turn;
        boolean heard;

        Slot(Future<String> deployment, InstanceSnapshot snapshot, Intent intent) {
            this.deployment = deployment;
            this.snapshot = snapshot;
            this.intent = intent;
        }
    }

    /** Whether a former daemon left something of this instance that no supervisor has taken over yet. */
    boolean hasSurvivor(String instance) {
        return survivors.containsKey(instance);
    }

    /** The newest generation that is known of an instance, 0 when there is none. */
    int generation(String instance) {
        Slot slot = slots.get(instance);
        int adoptable = survivors.getOrDefault(instance, List.of()).stream()
                .mapToInt(survivor -> survivor.key().generation())
                .max()
                .orElse(0);
        return slot == null ? adoptable : slot.snapshot.generation();
    }

    /** Running processes that no known app accounts for. */
    List<ProcessKey> strays() {
        return survivors.values().stream()
                .flatMap(List::stream)
                .filter(survivor -> survivor.exit().isEmpty())
                .map(Survivor::key)
                .sorted(Comparator.comparing(ProcessKey::instance))
                .toList();
    }

    /** Gives up what a former daemon ran for itself, a health check for example: no app has such a name. */
    List<Survivor> takeHelpers() {
        List<Survivor> helpers = new ArrayList<>();
        for (String instance : List.copyOf(survivors.keySet())) {
            if (instance.indexOf('/') >= 0) {
                helpers.addAll(survivors.remove(instance));
            }
        }
        return helpers;
    }

    /** Gives up what {@link #strays} names, to be ended; exits that nobody took in come with them. */
    List<Survivor> takeStrays() {
        List<Survivor> all = survivors.values().stream().flatMap(List::stream).toList();
        survivors.clear();
        return all;
    }

    /** Deploys a supervisor for an instance that has none and is to be told by a command what to do. */
    void ensure(Target target) {
        ensure(target, hasSurvivor(target.name()) && target.instance().intent() == Intent.RUN);
    }

    /**
     * Deploys a supervisor for an instance that has none; what a former daemon left of it is adopted.
     *
     * @param running whether it sees to it at once that the instance runs, unless that had ended by its policy
     */
    void ensure(Target target, boolean running) {
        String instance = target.name();
        if (slots.containsKey(instance)) {
            return;
        }
        List<Survivor> left = survivors.remove(instance);
        Assignment assignment = new Assignment(
                target.spec(),
                target.instance().number(),
                left == null
                        ? List.of()
                        : left.stream()
                                .sorted(Comparator.comparingInt(
                                        survivor -> survivor.key().generation()))
                                .toList(),
                running);
        // The address of an instance has one owner at a time, so its former supervisor leaves first.
        Future<Void> free = leaving.getOrDefault(instance, Future.succeededFuture());
        Future<String> deployment = free.compose(_ -> vertx.deployVerticle(factory.supervisorOf(assignment)));
        slots.put(
                instance,
                new Slot(deployment, unborn(instance), target.instance().intent()));
        ask(instance, new SupervisorCommand.InspectInstance())
                .onSuccess(changed::accept)
                .onFailure(cause ->
                        LOG.log(System.Logger.Level.ERROR, "no supervisor could be made for " + instance, cause));
    }

    /** Completes when every supervisor there is has found out how its instance does. */
    Future<Void> settled() {
        List<Future<InstanceSnapshot>> all = slots.keySet().stream()
                .map(instance -> ask(instance, new SupervisorCommand.InspectInstance()))
                .toList();
        return Future.join(all).otherwiseEmpty().mapEmpty();
    }

    private static InstanceSnapshot unborn(String instance) {
        return new InstanceSnapshot(
                instance,
                InstanceStatus.State.STOPPED,
                Optional.empty(),
                0,
                0,
                true,
                true,
                false,
                Optional.empty(),
                OptionalInt.empty(),
                "not started yet",
                Optional.empty(),
                List.of());
    }

    /** What an instance does, as last heard; empty when it has no supervisor. */
    Optional<InstanceSnapshot> snapshot(String instance) {
        return Optional.ofNullable(slots.get(instance)).map(slot -> slot.snapshot);
    }

    /** Whether an instance has a supervisor that has not said yet how it found it. */
    boolean isUnheard(String instance) {
        Slot slot = slots.get(instance);
        return slot != null && !slot.heard;
    }

    /**
     * Takes the turn of an instance: what an earlier command wants of it is void, unless it wants the same.
     *
     * @return to ask {@link #hasTurn} with
     */
    int takeTurn(String instance, Intent intent) {
        Slot slot = slot(instance);
        if (slot.intent != intent) {
            slot.intent = intent;
            slot.turn++;
        }
        return slot.turn;
    }

    /** Whether no later command has taken the turn. */
    boolean hasTurn(String instance, int turn) {
        Slot slot = slots.get(instance);
        return slot != null && slot.turn == turn;
    }

    private Slot slot(String instance) {
        Slot slot = slots.get(instance);
        if (slot == null) {
            throw new IllegalStateException("no supervisor for " + instance);
        }
        return slot;
    }

    /** Asks the supervisor of an instance; commands arrive in the order in which they were asked. */
    Future<InstanceSnapshot> ask(String instance, SupervisorCommand command) {
        Slot slot = slot(instance);
        return slot.deployment
                .compose(_ -> vertx.eventBus()
                        .<InstanceSnapshot>request(InternalAddresses.supervisor(instance), command, LOCAL))
                .map(reply -> {
                    slot.heard = true;
                    slot.snapshot = reply.body();
                    return reply.body();
                });
    }

    /** Takes in what a supervisor says. Answers false for one that is no longer known. */
    boolean heard(InstanceEvent event) {
        Slot slot = slots.get(event.snapshot().instance());
        if (slot == null) {
            return false;
        }
        slot.heard = true;
        slot.snapshot = event.snapshot();
        return true;
    }

    /** Ends the supervisor of an instance whose processes have ended. */
    Future<Void> remove(String instance) {
        Slot slot = slots.remove(instance);
        if (slot == null) {
            return Future.succeededFuture();
        }
        Future<Void> gone = slot.deployment.compose(vertx::undeploy).compose(_ -> factory.forget(instance));
        leaving.put(instance, gone.otherwiseEmpty());
        return gone.onComplete(_ -> leaving.remove(instance));
    }
}
