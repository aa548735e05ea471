package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.Capabilities.Capability;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Account;
import dev.bunctl.os.api.Processes.MemoryAccount;
import dev.bunctl.os.api.Processes.Scope;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan.Containment;
import dev.bunctl.os.fake.FakeProcess.Sent;
import dev.bunctl.os.fake.FakeProcesses.Limited;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Specs;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of what runs, on hosts that keep them and on hosts that do not. */
final class HeldLimitsTest {
    private static final ProcessKey FIRST = new ProcessKey(Bench.INSTANCE, 1);
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private static Limits memory(long max, long restart) {
        return new Limits(
                max == 0 ? Optional.empty() : Optional.of(max * MIB),
                restart == 0 ? Optional.empty() : Optional.of(restart * MIB),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Map.of());
    }

    private static Containment contained(long max, long soft) {
        return SpawnPlanner.limits(memory(max, soft), false);
    }

    private Bench bench(Limits limits) throws IOException {
        return new Bench(folder, Specs.DEFAULT.with(limits).spec()).online();
    }

    private Bench limitingBench(Limits limits) throws IOException {
        Bench bench = new Bench(folder, Specs.DEFAULT.with(limits).spec());
        bench.platform.setCapabilities(
                new Capabilities(List.of(new Capability("limits.memory", true, "cgroup v2 in /sys/fs/cgroup"))));
        return bench.online();
    }

    private static void holds(Bench bench, long bytes, long held) {
        bench.platform.processes().account(FIRST, account(bytes * MIB, held * MIB));
    }

    private static Account account(long bytes, long held) {
        return new Account(
                0, 0, Optional.of(new MemoryAccount(bytes, held, OptionalLong.empty())), OptionalInt.empty(), 0, 0, 0);
    }

    private static void tellSoftLimitPassed(Bench bench) {
        bench.platform.processes().tell(FIRST, to -> to.softMemoryPassed(FIRST));
        bench.around.run();
    }

    @Test
    void change_ofARunningOne_isMadeWithoutARestart() throws IOException {
        Bench bench = bench(Limits.NONE);
        bench.spec = bench.spec.withLimits(memory(100, 0));
        Future<Void> changed = bench.supervisor.changeLimits(bench.spec);
        bench.around.run();
        assertTrue(changed.succeeded());
        assertEquals(
                List.of(new Limited(FIRST, contained(100, 0))),
                bench.platform.processes().limited());
        assertEquals(List.of(1), bench.running());
        bench.exit(1, 1);
        bench.around.pass(Duration.ofSeconds(1));
        assertEquals(
                Optional.of(contained(100, 0)),
                bench.platform.processes().plans().getLast().containment());
    }

    @Test
    void change_thatTheHostRefuses_fails_andTheProcessRunsOn() throws IOException {
        Bench bench = bench(Limits.NONE);
        bench.platform.processes().refuseLimits(new NativeException("write", 22, "memory.max: EINVAL"));
        Future<Void> changed = bench.supervisor.changeLimits(bench.spec.withLimits(memory(1, 0)));
        bench.around.run();
        assertTrue(changed.failed());
        assertEquals(State.ONLINE, bench.now().state());
    }

    @Test
    void startOfARunningOne_withOtherLimits_changesThem() throws IOException {
        Bench bench = bench(memory(100, 0));
        bench.spec = bench.spec.withLimits(memory(200, 0));
        assertEquals(State.ONLINE, bench.start().state());
        assertEquals(
                List.of(new Limited(FIRST, contained(200, 0))),
                bench.platform.processes().limited());
    }

    @Test
    void takenOver_itGetsTheLimitsThatAreWantedNow() throws IOException {
        Bench first = bench(memory(100, 0));
        var wanted = first.spec.withLimits(memory(50, 0));
        Bench next = new Bench(first.platform.successor(), folder, wanted, new Random(2)).begin(Desired.RUNNING);
        assertEquals(
                List.of(new Limited(FIRST, contained(50, 0))),
                next.platform.processes().limited());
    }

    @Test
    void softLimit_passedByCachedFiles_restartsNothing() throws IOException {
        Bench bench = limitingBench(memory(0, 100));
        holds(bench, 100, 20);
        tellSoftLimitPassed(bench);
        bench.around.pass(Duration.ofSeconds(30));
        assertEquals(List.of(1), bench.running());
        assertEquals(0, bench.now().restarts());
    }

    @Test
    void softLimit_held_restartsGracefully_andIsLiftedBefore() throws IOException {
        Bench bench = limitingBench(memory(0, 100));
        var process = bench.process(1).ignoresSignals();
        holds(bench, 101, 95);
        tellSoftLimitPassed(bench);
        assertEquals(
                List.of(new Limited(FIRST, contained(0, 0))),
                bench.platform.processes().limited());
        assertEquals(List.of(new Sent(Signal.INT, Scope.GROUP)), process.signals());
        assertEquals(
                "memory of 95.0 MiB passed max_memory_restart of 100.0 MiB",
                bench.now().reason());
    }

    @Test
    void softLimit_reachedInTheQuietTimeAfterALook_isFoundByTheNextLook() throws IOException {
        Bench bench = limitingBench(memory(0, 100));
        holds(bench, 100, 80);
        tellSoftLimitPassed(bench);
        holds(bench, 100, 98);
        bench.around.pass(SoftMemory.LOOK_AGAIN);
        assertEquals(1, bench.now().restarts());
    }

    @Test
    void softLimit_belowIt_nobodyLooksAgain() throws IOException {
        Bench bench = limitingBench(memory(0, 100));
        holds(bench, 50, 20);
        tellSoftLimitPassed(bench);
        assertEquals(0, bench.around.timers());
    }

    @Test
    void stop_liftsTheSoftLimit_soThatTheAppCanFinish() throws IOException {
        Bench bench = limitingBench(memory(200, 100));
        bench.process(1).ignoresSignals();
        var _ = bench.stop();
        assertEquals(
                List.of(new Limited(FIRST, contained(200, 0))),
                bench.platform.processes().limited());
        var _ = bench.supervisor.changeLimits(bench.spec.withLimits(memory(300, 100)));
        bench.around.run();
        assertEquals(
                new Limited(FIRST, contained(300, 0)),
                bench.platform.processes().limited().getLast());
    }

    @Test
    void sampled_pastTheHardLimit_isKilled_andMemoryIsTheCause() throws IOException {
        Bench bench = bench(memory(100, 0));
        sample(bench, 1, 99);
        assertEquals(List.of(1), bench.running());
        sample(bench, 1, 100);
        assertEquals(List.of(), bench.running());
        assertEquals(
                "out of memory, signal SIGKILL", bench.now().crashes().getLast().cause());
        assertEquals(Map.of(), bench.watches.memory);
    }

    @Test
    void sampled_pastTheSoftLimit_isRestartedGracefully() throws IOException {
        Bench bench = bench(memory(0, 100));
        bench.process(1).diesOf(Signal.INT);
        sample(bench, 1, 150);
        assertEquals(1, bench.now().restarts());
        assertEquals(List.of(2), bench.running());
    }

    private static void sample(Bench bench, int generation, long mebibytes) {
        Objects.requireNonNull(bench.watches.memory.get(generation)).accept(mebibytes * MIB);
        bench.around.run();
    }

    @Test
    void sampling_happensOnlyWhereSomethingIsLimitedAndTheHostDoesNot() throws IOException {
        assertTrue(bench(Limits.NONE).watches.memory.isEmpty());
        assertTrue(limitingBench(memory(100, 50)).watches.memory.isEmpty());
    }

    @Test
    void sampling_beginsAndEndsWithTheLimit() throws IOException {
        Bench bench = bench(Limits.NONE);
        var _ = bench.supervisor.changeLimits(bench.spec.withLimits(memory(100, 0)));
        assertFalse(bench.watches.memory.isEmpty());
        var _ = bench.supervisor.changeLimits(bench.spec);
        assertTrue(bench.watches.memory.isEmpty());
    }

    @Test
    void exhaustedByTheHost_memoryIsTheCause() throws IOException {
        Bench bench = limitingBench(memory(100, 0));
        bench.platform.processes().tell(FIRST, to -> to.memoryExhausted(FIRST));
        bench.platform.processes().signal(FIRST, Signal.KILL, Scope.TREE);
        bench.around.run();
        assertEquals(
                "out of memory, signal SIGKILL", bench.now().crashes().getLast().cause());
    }

    @Test
    void restart_givesNewLimitsToTheNewProcessOnly() throws IOException {
        Bench bench = bench(memory(100, 0));
        bench.process(1).diesOf(Signal.INT);
        bench.spec = bench.spec.withLimits(memory(10, 0));
        var _ = bench.command(new SupervisorCommand.RestartInstance(bench.spec));
        assertEquals(List.of(), bench.platform.processes().limited());
        assertEquals(
                Optional.of(contained(10, 0)),
                bench.platform.processes().plans().getLast().containment());
    }
}
