package dev.bunctl.verticles.lifecycle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A host, a clock and a pair of hands that carry out effects, without any of the real ones. */
final class PureWorld {
    static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    AppSpec spec;
    Slot slot = Slot.NEW;
    Duration time = Duration.ofHours(1);
    final Set<Integer> everSpawned = new HashSet<>();
    final TreeSet<Integer> pendingSpawns = new TreeSet<>();
    final TreeMap<Integer, ProcessIdentity> alive = new TreeMap<>();
    final Set<Integer> exitedUnacknowledged = new HashSet<>();
    final Set<Integer> acknowledged = new HashSet<>();
    final TreeSet<Integer> draining = new TreeSet<>();
    final Set<Integer> obedient = new HashSet<>();
    final Set<Integer> watched = new HashSet<>();
    final Map<TimerName, Duration> timers = new HashMap<>();
    final List<Effect.Happening> announced = new ArrayList<>();
    boolean saved;
    private final Random random;

    PureWorld(AppSpec spec, Random random) {
        this.spec = spec;
        this.random = random;
    }

    Now now() {
        return new Now(time, EPOCH.plus(time), random.nextDouble());
    }

    @CanIgnoreReturnValue
    List<Effect> feed(Event event) {
        Step step = Lifecycle.step(slot, event, spec, now());
        take(step);
        return step.effects();
    }

    void take(Step step) {
        slot = step.next();
        saved = false;
        List<Integer> toldToEnd = new ArrayList<>();
        for (Effect effect : step.effects()) {
            carryOut(effect, toldToEnd);
        }
        check();
        toldToEnd.forEach(this::dies);
    }

    private void carryOut(Effect effect, List<Integer> toldToEnd) {
        switch (effect) {
            case Effect.Spawn(int generation) -> {
                assertTrue(everSpawned.add(generation), () -> "generation " + generation + " spawned twice");
                pendingSpawns.add(generation);
            }
            case Effect.SendSignal(int generation, Signal signal, var scope) -> {
                if (signal == Signal.KILL || (obedient.contains(generation) && signal == Signal.INT)) {
                    toldToEnd.add(generation);
                }
            }
            case Effect.SendShutdownMessage(int generation, var signal, var scope) -> toldToEnd.add(generation);
            case Effect.ArmTimer(TimerName timer, Duration after) -> {
                assertTrue(!after.isNegative(), () -> timer + " armed in the past");
                timers.put(timer, time.plus(after));
            }
            case Effect.CancelTimer(TimerName timer) -> timers.remove(timer);
            case Effect.EaseMemory(int generation) ->
                assertTrue(alive.containsKey(generation), () -> "nothing to ease: " + generation);
            case Effect.WatchReadiness(int generation) -> watched.add(generation);
            case Effect.WatchHealth(int generation) -> watched.add(generation);
            case Effect.EndWatch(int generation) -> watched.remove(generation);
            case Effect.Drain(int generation, var lines) ->
                assertTrue(draining.add(generation), () -> generation + " drained twice");
            case Effect.Save() -> saved = true;
            case Effect.Acknowledge(int generation) -> {
                assertTrue(slot.hasRecorded(generation) || acknowledged.contains(generation), "forgotten unrecorded");
                assertTrue(saved || acknowledged.contains(generation), "acknowledged before it was saved");
                exitedUnacknowledged.remove(generation);
                acknowledged.add(generation);
            }
            case Effect.Announce(var happening) -> announced.add(happening);
        }
    }

    void spawnSucceeds(int generation, boolean obeys) {
        pendingSpawns.remove(generation);
        ProcessIdentity identity = new ProcessIdentity(1000 + generation, generation);
        alive.put(generation, identity);
        if (obeys) {
            obedient.add(generation);
        }
        feed(new Event.Spawned(generation, identity));
    }

    void spawnFails(int generation) {
        pendingSpawns.remove(generation);
        feed(new Event.NotSpawned(generation, "exec: no such file", false));
    }

    private void dies(int generation) {
        if (alive.containsKey(generation)) {
            exits(generation, new ExitStatus.Killed(Signal.INT, false));
        }
    }

    void exits(int generation, ExitStatus status) {
        ProcessIdentity identity = Optional.ofNullable(alive.remove(generation)).orElseThrow();
        exitedUnacknowledged.add(generation);
        feed(new Event.Exited(generation, identity, status, EPOCH.plus(time), false));
        assertTrue(!exitedUnacknowledged.contains(generation), () -> "exit of " + generation + " never acknowledged");
    }

    void drained(int generation) {
        drained(generation, List.of("the last line"));
    }

    void drained(int generation, List<String> lines) {
        draining.remove(generation);
        feed(new Event.Drained(generation, lines));
    }

    Optional<TimerName> nextTimer() {
        return timers.entrySet().stream()
                .min(Comparator.comparing(Map.Entry<TimerName, Duration>::getValue)
                        .thenComparing(entry -> entry.getKey().toString()))
                .map(Map.Entry::getKey);
    }

    void fire(TimerName timer) {
        Duration due = Optional.ofNullable(timers.remove(timer)).orElseThrow();
        if (due.compareTo(time) > 0) {
            time = due;
        }
        feed(new Event.TimerFired(timer));
    }

    /** Lets everything happen that is on its way, without anything new. */
    void settle() {
        for (int rounds = 0; rounds < 200; rounds++) {
            if (!pendingSpawns.isEmpty()) {
                spawnSucceeds(pendingSpawns.first(), false);
            } else if (!readyToBe().isEmpty()) {
                feed(new Event.ReadySignSeen(readyToBe().getFirst()));
            } else if (!draining.isEmpty()) {
                drained(draining.first());
            } else if (nextTimer().isPresent()) {
                fire(nextTimer().get());
            } else {
                return;
            }
        }
        throw new AssertionError("never comes to rest: " + slot);
    }

    private List<Integer> readyToBe() {
        return switch (slot.phase()) {
            case Phase.Launching(Generation process) -> List.of(process.number());
            case Phase.Reloading(var _, Phase.Incoming.Unready(Generation incoming)) -> List.of(incoming.number());
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Starting _ -> List.of();
            case Phase.Online _, Phase.Reloading _, Phase.Stopping _ -> List.of();
        };
    }

    /** The invariants that hold after every step. */
    private void check() {
        Set<Integer> believed = new HashSet<>(slot.live());
        Set<Integer> real = new HashSet<>(alive.keySet());
        real.addAll(pendingSpawns);
        assertTrue(believed.size() == slot.live().size(), () -> "a generation twice in " + slot);
        assertTrue(believed.equals(real), () -> "believes " + believed + ", runs " + real + ": " + slot);
        assertTrue(real.size() <= 2, () -> "more than two in one slot: " + slot);
        if (real.size() == 2) {
            assertTrue(
                    !(slot.phase() instanceof Phase.Starting) && !(slot.phase() instanceof Phase.Launching),
                    () -> "two outside a reload: " + slot);
        }
        assertTrue(slot.counters().generation()
                >= slot.live().stream().mapToInt(g -> g).max().orElse(0));
        switch (slot.phase()) {
            case Phase.Stopped _, Phase.Errored _ -> assertTrue(timers.isEmpty(), () -> timers + " in " + slot);
            case Phase.Waiting _ ->
                assertTrue(timers.keySet().equals(Set.of(TimerName.backoff())), () -> timers + " in " + slot);
            case Phase.Starting _, Phase.Launching _, Phase.Online _, Phase.Reloading _, Phase.Stopping _ ->
                timersHaveOwners();
        }
        assertTrue(believed.containsAll(watched), () -> "watches " + watched + " in " + slot);
        if (slot.desired() == Desired.STOPPED) {
            assertTrue(
                    slot.phase() instanceof Phase.Stopped || slot.phase() instanceof Phase.Stopping,
                    () -> "not on the way to its stop: " + slot);
        }
    }

    private void timersHaveOwners() {
        Set<Integer> owners = new HashSet<>(slot.live());
        slot.leaving().forEach(gone -> owners.add(gone.generation()));
        timers.keySet().forEach(timer -> assertTrue(owners.contains(timer.generation()), () -> timer + " in " + slot));
        for (Leaving gone : slot.leaving()) {
            boolean bounded = gone.stage() == Leaving.Stage.AWAITED
                    || timers.keySet().stream().anyMatch(timer -> timer.generation() == gone.generation());
            assertTrue(bounded, () -> gone + " is waited for without end");
        }
    }
}
