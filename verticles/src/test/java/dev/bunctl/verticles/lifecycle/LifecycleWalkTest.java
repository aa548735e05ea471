package dev.bunctl.verticles.lifecycle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Event.Occasion;
import dev.bunctl.verticles.lifecycle.Event.Trouble;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long random lives; {@link PureWorld} checks the invariants after every step. */
final class LifecycleWalkTest {
    private static final int STEPS = 100_000;
    private static final int SETTLE_EVERY = 50;
    private static final int STALE_GENERATIONS = 5;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20260101})
    void randomLife_keepsTheInvariants(long seed) {
        walk(seed);
    }

    @Test
    void randomLife_withAFreshSeed_keepsTheInvariants() {
        walk(new Random().nextLong());
    }

    private static void walk(long seed) {
        Random random = new Random(seed);
        PureWorld world = new PureWorld(spec(random).spec(), random);
        Deque<String> trace = new ArrayDeque<>();
        try {
            for (int at = 0; at < STEPS; at++) {
                trace.add(at + " " + world.slot.phase());
                if (trace.size() > 30) {
                    trace.remove();
                }
                something(world, random);
                if (at % SETTLE_EVERY == 0) {
                    settles(world);
                    world.spec = spec(random).spec();
                }
            }
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + "\n" + String.join("\n", trace), failure);
        }
    }

    private static void settles(PureWorld world) {
        world.settle();
        switch (world.slot.desired()) {
            case STOPPED -> {
                assertTrue(world.slot.phase() instanceof Phase.Stopped, () -> "not stopped: " + world.slot);
                assertTrue(world.alive.isEmpty(), "something runs in a stopped slot");
            }
            case RUNNING ->
                assertTrue(
                        world.slot.phase() instanceof Phase.Online
                                || world.slot.phase() instanceof Phase.Stopped
                                || world.slot.phase() instanceof Phase.Errored,
                        () -> "never comes to an end: " + world.slot);
        }
        assertTrue(world.slot.settled(), () -> "not settled: " + world.slot);
        assertTrue(world.exitedUnacknowledged.isEmpty(), "exits nobody acknowledged");
    }

    private static void something(PureWorld world, Random random) {
        switch (random.nextInt(14)) {
            case 0 -> world.feed(command(random));
            case 1, 2 -> spawnAnswers(world, random);
            case 3, 4, 5 -> world.nextTimer().ifPresent(world::fire);
            case 6, 7 -> {
                if (!world.draining.isEmpty()) {
                    world.drained(world.draining.first());
                }
            }
            case 8, 9 -> {
                if (!world.alive.isEmpty()) {
                    world.exits(pick(List.copyOf(world.alive.keySet()), random), status(random));
                }
            }
            case 10 -> world.slot.live().forEach(generation -> world.feed(new Event.ReadySignSeen(generation)));
            case 11 ->
                world.slot
                        .process()
                        .ifPresent(process -> world.feed(new Event.TroubleSeen(
                                process.number(), pick(List.of(Trouble.values()), random), "in trouble")));
            case 12 -> world.feed(new Event.RestartDue(pick(List.of(Occasion.values()), random), "due"));
            default -> stale(world, random);
        }
        world.time = world.time.plusMillis(random.nextInt(400));
    }

    private static Event command(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Event.StartAsked();
            case 1 -> new Event.StopAsked();
            case 2 -> new Event.RestartAsked();
            case 3 -> new Event.ReloadAsked();
            case 4 -> new Event.ResetAsked();
            default -> new Event.SignalAsked(Signal.USR2);
        };
    }

    private static void spawnAnswers(PureWorld world, Random random) {
        if (world.pendingSpawns.isEmpty()) {
            return;
        }
        int generation = world.pendingSpawns.first();
        if (random.nextInt(4) == 0) {
            world.spawnFails(generation);
        } else {
            world.spawnSucceeds(generation, random.nextBoolean());
        }
    }

    /** Late, repeated and senseless reports. */
    private static void stale(PureWorld world, Random random) {
        int generation = Math.max(1, world.slot.counters().generation() - random.nextInt(STALE_GENERATIONS));
        switch (random.nextInt(3)) {
            case 0 -> {
                TimerName timer = new TimerName(pick(List.of(TimerName.Kind.values()), random), generation);
                if (!world.timers.containsKey(timer) && !world.slot.live().contains(generation)) {
                    world.feed(new Event.TimerFired(timer));
                }
            }
            case 1 -> {
                if (world.acknowledged.contains(generation)) {
                    world.feed(new Event.Exited(
                            generation,
                            new ProcessIdentity(1000 + generation, generation),
                            new ExitStatus.Code(0),
                            PureWorld.EPOCH,
                            false));
                }
            }
            default -> {
                if (!world.slot.live().contains(generation)) {
                    world.feed(new Event.ReadySignSeen(generation));
                }
            }
        }
    }

    private static ExitStatus status(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new ExitStatus.Code(0);
            case 1 -> new ExitStatus.Code(7);
            case 2 -> new ExitStatus.Killed(Signal.SEGV, true);
            case 3 -> new ExitStatus.Unknown();
            default -> new ExitStatus.Code(1);
        };
    }

    private static Specs spec(Random random) {
        RestartPolicy.Backoff backoff = random.nextBoolean() ? Specs.noWait() : RestartPolicy.Backoff.DEFAULT;
        int most = List.of(-1, 0, 1, 16).get(random.nextInt(4));
        Readiness.Sign sign =
                random.nextBoolean() ? new Readiness.Alive(Duration.ofMillis(300)) : new Readiness.Message();
        return Specs.DEFAULT
                .with(Specs.policy(pick(List.of(RestartPolicy.Mode.values()), random), most, backoff))
                .with(new StopPolicy(
                        "SIGINT",
                        Duration.ofSeconds(random.nextInt(3)),
                        random.nextInt(4) == 0,
                        StopPolicy.KillMode.TREE))
                .with(new Readiness(sign, Duration.ofSeconds(3), random.nextBoolean()));
    }

    private static <T> T pick(List<T> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }
}
