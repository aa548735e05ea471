package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Event.Trouble;
import dev.bunctl.verticles.lifecycle.Generation;
import dev.bunctl.verticles.lifecycle.Phase;
import dev.bunctl.verticles.lifecycle.Slot;
import dev.bunctl.verticles.lifecycle.Specs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole supervisor on a pretended host through a long random life, in which daemons die at any moment too. */
final class SupervisorWalkTest {
    private static final int STEPS = 100_000;
    private static final int FRESH_STEPS = 10_000;
    private static final int SETTLE_EVERY = 200;
    private static final Duration LONGER_THAN_ANY_TIMER = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void randomLife_keepsTheInvariants() throws IOException {
        new Walk(20260101, folder).run(STEPS);
    }

    @Test
    void randomLife_withAFreshSeed_keepsTheInvariants() throws IOException {
        new Walk(new Random().nextLong(), folder).run(FRESH_STEPS);
    }

    /** One life. */
    private static final class Walk {
        private final long seed;
        private final Random random;
        private final Path folder;
        private final Set<ProcessKey> executed = new HashSet<>();
        private final Set<ProcessKey> asked = new HashSet<>();
        private Bench bench;
        private Desired desired = Desired.STOPPED;
        private int plansSeen;

        Walk(long seed, Path folder) throws IOException {
            this.seed = seed;
            this.random = new Random(seed);
            this.folder = folder;
            this.bench = new Bench(new FakePlatform(), folder, spec(), random).begin(desired);
            bench.platform.processes().holdSpawns();
        }

        void run(int steps) {
            int at = 0;
            try {
                for (; at < steps; at++) {
                    something();
                    check();
                    if (at % SETTLE_EVERY == 0) {
                        settle();
                    }
                }
            } catch (AssertionError | RuntimeException | IOException failure) {
                throw new AssertionError("seed " + seed + ", step " + at + ": " + bench.supervisor.slot(), failure);
            }
        }

        private void something() throws IOException {
            switch (random.nextInt(16)) {
                case 0 -> command();
                case 1, 2, 3 -> spawnAnswers();
                case 4, 5 -> {
                    boolean _ = bench.around.fireNext();
                }
                case 6, 7, 8, 9, 10 -> {
                    boolean _ = bench.around.runOne();
                }
                case 11, 12 -> somethingExits();
                case 13 -> List.copyOf(bench.watches.readiness.keySet()).forEach(bench.watches::ready);
                case 14 ->
                    List.copyOf(bench.watches.health.keySet())
                            .forEach(generation -> bench.watches.trouble(
                                    generation, random.nextBoolean() ? Trouble.HEALTH : Trouble.MEMORY));
                default -> {
                    if (random.nextInt(20) == 0) {
                        daemonDies();
                    }
                }
            }
            bench.around.time = bench.around.time.plusMillis(random.nextInt(300));
        }

        private void command() {
            SupervisorCommand command = switch (random.nextInt(7)) {
                case 0 -> new SupervisorCommand.StartInstance(bench.spec);
                case 1 -> new SupervisorCommand.StopInstance();
                case 2 -> new SupervisorCommand.RestartInstance(bench.spec);
                case 3 -> new SupervisorCommand.ReloadInstance(bench.spec);
                case 4 -> new SupervisorCommand.ResetInstance();
                case 5 -> new SupervisorCommand.ChangeInstance(bench.spec);
                default -> new SupervisorCommand.SignalInstance(Signal.HUP);
            };
            desired = switch (command) {
                case SupervisorCommand.StopInstance _ -> Desired.STOPPED;
                case SupervisorCommand.StartInstance _,
                        SupervisorCommand.RestartInstance _,
                        SupervisorCommand.ReloadInstance _ -> Desired.RUNNING;
                case SupervisorCommand.ResetInstance _,
                        SupervisorCommand.ChangeInstance _,
                        SupervisorCommand.SignalInstance _,
                        SupervisorCommand.ChangeLimits _,
                        SupervisorCommand.ChangeWatch _,
                        SupervisorCommand.InspectInstance _ -> desired;
            };
            InstanceSnapshot answer = bench.supervisor.command(command);
            assertEquals(Bench.INSTANCE, answer.instance());
        }

        private void spawnAnswers() {
            var held = bench.platform.processes().heldSpawns();
            if (held.isEmpty()) {
                return;
            }
            if (random.nextInt(5) == 0) {
                held.getFirst().fail(new NativeException("exec", 2, "no such file"));
                return;
            }
            FakeProcess process = held.getFirst().succeed();
            assertTrue(executed.add(process.key()), () -> process.key() + " was executed twice");
            if (random.nextBoolean()) {
                process.diesOf(Signal.INT);
            }
        }

        private void somethingExits() {
            List<FakeProcess> running = bench.platform.processes().all().stream()
                    .filter(FakeProcess::running)
                    .toList();
            if (!running.isEmpty()) {
                running.get(random.nextInt(running.size())).exit(random.nextInt(3));
            }
        }

        /** What was posted is lost, what was written stays. A spawn on its way may have been carried out or not. */
        private void daemonDies() throws IOException {
            bench.platform.processes().heldSpawns().forEach(held -> {
                if (random.nextBoolean()) {
                    assertTrue(executed.add(held.succeed().key()), "executed twice");
                }
            });
            Duration time = bench.around.time;
            FakePlatform next = bench.platform.successor();
            bench = new Bench(next, folder, bench.spec, random);
            bench.around.time = time;
            next.processes().holdSpawns();
            plansSeen = 0;
            // What was asked for and never executed left no trace, so its number may be given again.
            asked.retainAll(executed);
            Bench _ = bench.begin(desired);
        }

        private void check() {
            List<Integer> running = bench.running();
            assertTrue(running.size() <= 2, () -> "runs " + running);
            List<SpawnPlan> plans = bench.platform.processes().plans();
            plans.subList(plansSeen, plans.size())
                    .forEach(plan -> assertTrue(asked.add(plan.key()), () -> plan.key() + " is asked for again"));
            plansSeen = plans.size();
            // What is still posted may change what the supervisor believes; once it is taken in, it must be the truth.
            if (!believed().containsAll(running)) {
                bench.around.run();
            }
            assertTrue(believed().containsAll(bench.running()), () -> "believes " + believed() + ", runs " + running);
            noneTooMany();
        }

        /** One process that is not on its way out, and a second one only while a reload brings it up. */
        private void noneTooMany() {
            Slot slot = bench.supervisor.slot();
            Set<Integer> staying = new HashSet<>(bench.running());
            slot.leaving().forEach(gone -> staying.remove(gone.generation()));
            if (slot.phase() instanceof Phase.Reloading(Generation retiring, Phase.Incoming incoming)) {
                staying.removeAll(Set.of(retiring.number(), incoming.generation()));
                assertEquals(Set.of(), staying, "beside retiring and incoming");
            } else {
                assertTrue(staying.size() <= 1, () -> "stay " + staying);
            }
        }

        private Set<Integer> believed() {
            return new HashSet<>(bench.supervisor.slot().live());
        }

        private void settle() throws IOException {
            for (int rounds = 0; rounds < 50; rounds++) {
                bench.platform
                        .processes()
                        .heldSpawns()
                        .forEach(held -> assertTrue(executed.add(held.succeed().key()), "executed twice"));
                bench.around.run();
                List.copyOf(bench.watches.readiness.keySet()).forEach(bench.watches::ready);
                bench.around.pass(LONGER_THAN_ANY_TIMER);
                if (bench.now().settled() && bench.now().state() != State.WAITING_RESTART) {
                    break;
                }
            }
            InstanceSnapshot now = bench.now();
            if (desired == Desired.STOPPED) {
                assertEquals(State.STOPPED, now.state());
                assertEquals(List.of(), bench.running());
            }
            assertTrue(now.settled(), "comes to rest");
            assertEquals(now.state() == State.ONLINE ? 1 : 0, bench.running().size());
            assertEquals(
                    bench.running().size(), bench.platform.processes().all().size(), "exits that nobody took in");
            assertEquals(0, bench.around.timers(), "timers without a use");
            assertTrue(bench.running().containsAll(bench.watches.readiness.keySet()), "readiness of what is gone");
            assertTrue(bench.running().containsAll(bench.watches.health.keySet()), "health of what is gone");
            bench.spec = spec();
        }

        private AppSpec spec() {
            RestartPolicy.Backoff backoff = random.nextBoolean() ? Specs.noWait() : RestartPolicy.Backoff.DEFAULT;
            List<RestartPolicy.Mode> modes = List.of(RestartPolicy.Mode.values());
            Readiness.Sign sign =
                    random.nextBoolean() ? new Readiness.Alive(Duration.ofMillis(300)) : new Readiness.Message();
            return Specs.DEFAULT
                    .with(Specs.policy(modes.get(random.nextInt(modes.size())), random.nextInt(20) - 1, backoff))
                    .with(new StopPolicy(
                            "SIGINT", Duration.ofSeconds(random.nextInt(5)), false, StopPolicy.KillMode.TREE))
                    .with(new Readiness(sign, Duration.ofSeconds(3), random.nextBoolean()))
                    .spec();
        }
    }
}
