package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.codec.SpecFormatException;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Scope;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FakeProcess.Sent;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Event.Trouble;
import dev.bunctl.verticles.lifecycle.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SupervisorTest {
    private static final Sent INT = new Sent(Signal.INT, Scope.GROUP);
    private static final Sent KILL = new Sent(Signal.KILL, Scope.TREE);

    @TempDir
    private Path folder;

    private Bench bench() {
        return new Bench(folder, Specs.DEFAULT.spec());
    }

    private Bench bench(Specs specs) {
        return new Bench(folder, specs.spec());
    }

    @Test
    void start_launchesThenIsOnlineWhenAlive300Millis() throws IOException {
        Bench bench = bench().begin(Desired.STOPPED);
        assertEquals(State.LAUNCHING, bench.start().state());
        bench.around.pass(Duration.ofMillis(299));
        assertEquals(State.LAUNCHING, bench.now().state());
        bench.around.pass(Duration.ofMillis(1));
        assertEquals(State.ONLINE, bench.now().state());
        assertTrue(bench.now().settled() && bench.now().succeeded());
        assertEquals(List.of("starting", "spawned", "became_ready"), bench.around.types());
    }

    @Test
    void start_ofARunningOne_changesNothing() throws IOException {
        Bench bench = bench().online();
        assertEquals(State.ONLINE, bench.start().state());
        assertEquals(List.of(1), bench.running());
        assertEquals(1, bench.platform.processes().plans().size());
    }

    @CanIgnoreReturnValue
    private static InstanceSnapshot change(Bench bench, AppSpec wanted) {
        return bench.command(new SupervisorCommand.ChangeInstance(wanted));
    }

    @Test
    void change_ofTheTimeToStop_isInForceAtOnce() throws IOException {
        Bench bench = bench().online();
        var process = bench.process(1).ignoresSignals();
        StopPolicy usual = StopPolicy.DEFAULT;
        StopPolicy hasty =
                new StopPolicy(usual.signal(), Duration.ofMillis(10), usual.shutdownMessage(), usual.killMode());
        assertEquals(
                State.ONLINE, change(bench, Specs.DEFAULT.with(hasty).spec()).state());
        assertEquals(State.STOPPING, bench.stop().state());
        bench.around.pass(Duration.ofMillis(9));
        assertEquals(List.of(INT), process.signals());
        bench.around.pass(Duration.ofMillis(1));
        assertEquals(List.of(INT, KILL), process.signals().subList(0, 2));
    }

    @Test
    void change_ofTheHealthCheck_beginsItAnewAndNothingElseDoes() throws IOException {
        Bench bench = bench().online();
        var usual = bench.watches.health.get(1);
        change(bench, Specs.DEFAULT.with(StopPolicy.DEFAULT).spec());
        assertSame(usual, bench.watches.health.get(1));
        HealthCheck check = new HealthCheck(
                new HealthCheck.Tcp("localhost", 1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ZERO);
        change(bench, Specs.DEFAULT.with(check).spec());
        assertNotSame(usual, bench.watches.health.get(1));
        assertEquals(List.of(1), bench.running());
    }

    @Test
    @SuppressWarnings("unchecked") // the form that the codec gives
    void change_ofTheRotation_isToldToTheCollector() throws IOException, SpecFormatException {
        Bench bench = bench().online();
        Map<String, Object> form = new LinkedHashMap<>(AppSpecCodec.toMap(bench.spec));
        Map<String, Object> logs = new LinkedHashMap<>((Map<String, Object>) form.get("logs"));
        Map<String, Object> rotation = new LinkedHashMap<>((Map<String, Object>) logs.get("rotation"));
        rotation.put("keep", 3L);
        logs.put("rotation", rotation);
        form.put("logs", logs);
        change(bench, bench.spec);
        assertEquals(List.of(), bench.collector.rules);
        change(bench, AppSpecCodec.fromMap(form));
        assertEquals(3, bench.collector.rules.getFirst().keep());
    }

    @Test
    void stop_signalsTheGroupAndStopsWhenDrained() throws IOException {
        Bench bench = bench().online();
        var process = bench.process(1).diesOf(Signal.INT);
        assertEquals(State.STOPPING, bench.stop().state());
        assertEquals(List.of(INT, KILL), process.signals());
        assertEquals(State.STOPPED, bench.now().state());
        assertEquals(List.of(new ProcessKey("api:0", 1)), bench.collector.drained);
        assertEquals(0, bench.around.timers());
    }

    @Test
    void stop_ofOneThatIgnoresSignals_killsTheTreeAfterKillTimeout() throws IOException {
        Bench bench = bench().online();
        var process = bench.process(1).ignoresSignals();
        InstanceSnapshot _ = bench.stop();
        bench.around.pass(Duration.ofMillis(4999));
        assertEquals(List.of(INT), process.signals());
        assertEquals(State.STOPPING, bench.now().state());
        bench.around.pass(Duration.ofMillis(1));
        assertFalse(process.running());
        assertEquals(State.STOPPED, bench.now().state());
    }

    @Test
    void commandsDuringASlowStop_areAnsweredAtOnceAndNeverSpawnASecond() throws IOException {
        Bench bench = bench().online();
        bench.process(1).ignoresSignals();
        assertEquals(State.STOPPING, bench.stop().state());
        assertEquals(State.STOPPING, bench.restart().state());
        assertEquals(State.STOPPING, bench.start().state());
        assertEquals(State.STOPPING, bench.reload().state());
        assertEquals(State.STOPPING, bench.stop().state());
        assertEquals(State.STOPPING, bench.start().state());
        assertEquals(List.of(1), bench.running());
        bench.around.pass(Duration.ofSeconds(6));
        assertEquals(List.of(2), bench.running());
        assertEquals(State.ONLINE, bench.now().state());
    }

    @Test
    void stopDuringBackoff_isStoppedAtOnceAndStaysSo() throws IOException {
        Bench bench = bench().online();
        bench.exit(1, 1);
        assertEquals(State.WAITING_RESTART, bench.now().state());
        assertEquals(State.STOPPED, bench.stop().state());
        bench.around.pass(Duration.ofMinutes(1));
        assertEquals(List.of(), bench.running());
    }

    @Test
    void stopWhileTheSpawnIsUnanswered_endsItAsSoonAsItRuns() throws IOException {
        Bench bench = bench().begin(Desired.STOPPED);
        bench.platform.processes().holdSpawns();
        InstanceSnapshot _ = bench.start();
        assertEquals(State.STOPPING, bench.stop().state());
        var process = bench.platform.processes().heldSpawns().getFirst().succeed();
        bench.around.run();
        assertEquals(List.of(INT), process.signals());
        bench.around.pass(Duration.ofSeconds(5));
        assertEquals(State.STOPPED, bench.now().state());
        assertEquals(List.of(), bench.running());
    }

    @Test
    void restartOfAStoppedOne_startsItOnce() throws IOException {
        Bench bench = bench().begin(Desired.STOPPED);
        InstanceSnapshot _ = bench.restart();
        bench.around.pass(Duration.ofSeconds(10));
        assertEquals(List.of(1), bench.running());
        assertEquals(0, bench.now().restarts());
    }

    @Test
    void crash_isRecordedOnceThenForgottenAndStartedAgain() throws IOException {
        Bench bench = bench().online();
        bench.collector.lastLines = List.of("TypeError: boom");
        bench.exit(1, 3);
        assertEquals(
                List.of(new ProcessKey("api:0", 1)), bench.platform.processes().forgotten());
        assertEquals(OptionalInt.of(3), bench.now().exitCode());
        bench.around.pass(Duration.ofSeconds(1));
        assertEquals(State.ONLINE, bench.now().state());
        assertEquals(1, bench.now().restarts());
        var crash = bench.now().crashes().getFirst();
        assertEquals("exit code 3", crash.cause());
        assertEquals(List.of("TypeError: boom"), crash.lastLines());
        assertEquals(1, bench.now().crashes().size());
    }

    @Test
    void exit_isNotForgottenWhileItCannotBeWrittenDown() throws IOException {
        Bench bench = bench().online();
        Files.delete(folder.resolve("api%3A0.runtime.json"));
        Files.delete(folder);
        bench.exit(1, 1);
        assertEquals(List.of(), bench.platform.processes().forgotten());
        Path _ = Files.createDirectory(folder);
        bench.around.pass(Duration.ofSeconds(1));
        assertEquals(
                List.of(new ProcessKey("api:0", 1)), bench.platform.processes().forgotten());
    }

    @Test
    void spawnFailure_backsOffIsShownAndGivesUp() throws IOException {
        Bench bench = bench(
                        Specs.DEFAULT.with(Specs.policy(RestartPolicy.Mode.ALWAYS, 2, RestartPolicy.Backoff.DEFAULT)))
                .begin(Desired.STOPPED);
        NativeException missing = new NativeException("exec", 2, "/usr/bin/bun: no such file");
        bench.platform.processes().failNextSpawn(missing);
        bench.platform.processes().failNextSpawn(missing);
        bench.platform.processes().failNextSpawn(missing);
        InstanceSnapshot _ = bench.start();
        assertEquals(State.WAITING_RESTART, bench.now().state());
        assertTrue(bench.now().settled());
        assertFalse(bench.now().succeeded());
        assertTrue(bench.now().reason().contains("no such file"), bench.now().reason());
        bench.around.pass(Duration.ofMinutes(1));
        assertEquals(State.ERRORED, bench.now().state());
        assertEquals(3, bench.now().crashes().size());
    }

    @Test
    void crashLoop_endsErroredAndAStartBeginsAfresh() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(Specs.policy(RestartPolicy.Mode.ALWAYS, 16, Specs.noWait())))
                .begin(Desired.STOPPED);
        InstanceSnapshot _ = bench.start();
        for (int generation = 1; generation <= 17; generation++) {
            bench.exit(generation, 1);
        }
        assertEquals(State.ERRORED, bench.now().state());
        assertEquals(16, bench.now().restarts());
        assertEquals(17, bench.now().crashes().size());
        InstanceSnapshot _ = bench.start();
        assertEquals(0, bench.now().restarts());
        bench.exit(18, 1);
        assertEquals(List.of(19), bench.running());
    }

    @Test
    void readinessThatNeverComes_isAFailureAfterItsTimeout() throws IOException {
        Bench bench = bench(Specs.DEFAULT
                        .with(new Readiness(new Readiness.Message(), Duration.ofSeconds(3), false))
                        .with(Specs.policy(RestartPolicy.Mode.NO)))
                .begin(Desired.STOPPED);
        InstanceSnapshot _ = bench.start();
        bench.process(1).diesOf(Signal.INT);
        bench.around.pass(Duration.ofSeconds(3));
        assertEquals(State.ERRORED, bench.now().state());
        assertTrue(
                bench.now().reason().startsWith("not ready within 3 s"),
                bench.now().reason());
        assertTrue(bench.watches.readiness.isEmpty());
    }

    @Test
    void readinessSign_makesItOnline() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(new Readiness(new Readiness.Message(), Duration.ofSeconds(3), false)))
                .begin(Desired.STOPPED);
        InstanceSnapshot _ = bench.start();
        bench.watches.ready(1);
        bench.around.run();
        assertEquals(State.ONLINE, bench.now().state());
    }

    @Test
    void outputThatComesBeforeTheSpawnIsTakenIn_countsForReadiness() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(new Readiness(new Readiness.Message(), Duration.ofSeconds(3), false)))
                .begin(Desired.STOPPED);
        Instant asked = bench.around.now().wall();
        InstanceSnapshot _ = bench.supervisor.command(new SupervisorCommand.StartInstance(bench.spec));
        bench.around.time = bench.around.time.plusSeconds(1);
        bench.around.run();
        assertEquals(
                asked, Objects.requireNonNull(bench.watches.subjects.get(1)).startedAt());
    }

    private static StopPolicy byMessage() {
        return new StopPolicy("SIGINT", Duration.ofSeconds(5), true, StopPolicy.KillMode.TREE);
    }

    @Test
    void programThatListens_isToldByMessage_andKilledWhenItDoesNotGo() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(byMessage())).online();
        bench.channels.listened = true;
        InstanceSnapshot _ = bench.stop();
        assertEquals(List.of(1), bench.channels.told);
        assertEquals(List.of(), bench.process(1).signals());
        bench.around.pass(Duration.ofSeconds(5));
        assertEquals(State.STOPPED, bench.now().state());
        assertTrue(bench.channels.open.isEmpty());
    }

    @Test
    void programThatDoesNotListen_isToldByTheSignal() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(byMessage())).online();
        assertEquals("/run/1", bench.process(1).plan().environment().get("BUNCTL_NOTIFY"));
        InstanceSnapshot _ = bench.stop();
        assertEquals(List.of(INT), bench.process(1).signals());
    }

    @Test
    void channelThatCannotBeMade_isAFailedStartThatSaysSo() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(byMessage()).with(Specs.policy(RestartPolicy.Mode.NO)))
                .begin(Desired.STOPPED);
        bench.channels.broken = true;
        InstanceSnapshot _ = bench.start();
        assertEquals(State.ERRORED, bench.now().state());
        assertTrue(
                bench.now().reason().contains("no room for a socket"),
                bench.now().reason());
        assertTrue(bench.running().isEmpty());
    }

    @Test
    void processOfAFormerDaemon_getsItsChannelAgain() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(byMessage())).online();
        Bench next = new Bench(bench.platform.successor(), folder, bench.spec, new Random(2)).begin(Desired.RUNNING);
        assertEquals(Set.of(1), next.channels.open);
    }

    @ParameterizedTest
    @ValueSource(longs = {-400, 400})
    void clockThatIsSet_changesNoTimer(long days) throws IOException {
        Bench bench = bench().online();
        bench.exit(1, 1);
        assertEquals(State.WAITING_RESTART, bench.now().state());
        bench.around.skew = Duration.ofDays(days);
        bench.around.pass(Duration.ofMillis(131));
        assertEquals(State.LAUNCHING, bench.now().state(), "after the backoff of 100 ms and its jitter");
        bench.around.skew = Duration.ZERO;
        bench.around.pass(Duration.ofMillis(200));
        assertEquals(State.LAUNCHING, bench.now().state());
        bench.around.pass(Duration.ofMillis(100));
        assertEquals(State.ONLINE, bench.now().state());
        bench.process(2).ignoresSignals();
        InstanceSnapshot _ = bench.stop();
        bench.around.skew = Duration.ofDays(days);
        bench.around.pass(Duration.ofMillis(4999));
        assertEquals(List.of(INT), bench.process(2).signals());
        bench.around.pass(Duration.ofMillis(1));
        assertEquals(State.STOPPED, bench.now().state(), "killed when its time was over");
    }

    @Test
    void windowOfRestarts_countsByTheMonotonicClock() throws IOException {
        Bench bench = bench(Specs.DEFAULT.with(Specs.policy(RestartPolicy.Mode.ALWAYS, 2, Specs.noWait())))
                .online();
        bench.exit(1, 1);
        bench.around.skew = Duration.ofDays(1);
        bench.exit(2, 1);
        bench.exit(3, 1);
        assertEquals(State.ERRORED, bench.now().state(), "a day of the clock is not a day");
    }

    private Bench watching() throws IOException {
        AppSpec spec = Specs.DEFAULT.spec().withWatch(WatchPolicy.of(Path.of("/app")));
        return new Bench(folder, spec).online();
    }

    @Test
    void changedFiles_restartItWithThatCause() throws IOException {
        Bench bench = watching();
        bench.process(1).diesOf(Signal.INT);
        bench.changes.listeners.getFirst().changed("src/a.ts changed");
        bench.around.pass(Duration.ofSeconds(1));
        assertEquals(List.of(2), bench.running());
        assertEquals(
                "watch: src/a.ts changed, signal SIGINT",
                bench.now().crashes().getFirst().cause());
    }

    @Test
    void stoppedOne_isWatchedNoMore_untilItIsStarted() throws IOException {
        Bench bench = watching();
        bench.process(1).diesOf(Signal.INT);
        InstanceSnapshot _ = bench.stop();
        assertTrue(bench.changes.listeners.isEmpty());
        InstanceSnapshot _ = bench.start();
        assertEquals(1, bench.changes.listeners.size());
    }

    @Test
    void watch_isTurnedOffAndOnWhileItRuns() throws IOException {
        Bench bench = watching();
        WatchPolicy policy = bench.spec.watch().orElseThrow();
        AppSpec off = bench.spec.withWatch(policy.enabled(false));
        assertTrue(bench.supervisor.changeWatch(off).succeeded());
        assertTrue(bench.changes.listeners.isEmpty());
        var watched = bench.supervisor.changeWatch(bench.spec);
        assertFalse(watched.isComplete(), "folders are looked at first");
        bench.changes.listeners.getFirst().begun();
        bench.around.run();
        assertTrue(watched.succeeded());
        assertEquals(List.of(1), bench.running());
    }

    @Test
    void filesThatCannotBeWatched_areSaid_andTheAppRunsOn() throws IOException {
        Bench bench = watching();
        bench.changes.listeners.getFirst().failed("no watch is left");
        bench.around.run();
        assertEquals(Optional.of("no watch is left"), bench.now().unwatched());
        assertEquals("watch_failed", bench.around.types().getLast());
        assertEquals(State.ONLINE, bench.now().state());
        assertTrue(bench.supervisor.close().succeeded());
        assertTrue(bench.changes.listeners.isEmpty());
    }

    @Test
    void unhealthyOne_isReplacedWithThatReason() throws IOException {
        Bench bench = bench().online();
        bench.process(1).diesOf(Signal.INT);
        bench.watches.trouble(1, Trouble.HEALTH);
        bench.around.pass(Duration.ofSeconds(1));
        assertEquals(List.of(2), bench.running());
        assertEquals(
                "unhealthy, signal SIGINT", bench.now().crashes().getFirst().cause());
        assertEquals(1, bench.now().restarts());
    }

    @Test
    void reload_servesWithTheOldOneUntilTheNewOneIsReady() throws IOException {
        Bench bench = bench().online();
        InstanceSnapshot _ = bench.reload();
        assertEquals(List.of(1, 2), bench.running());
        assertEquals(State.ONLINE, bench.now().state());
        assertFalse(bench.now().settled());
        assertEquals(List.of(), bench.process(1).signals());
        var old = bench.process(1);
        bench.around.pass(Duration.ofMillis(300));
        assertEquals(List.of(INT), old.signals());
        assertEquals(2, bench.now().generation());
        bench.around.pass(Duration.ofSeconds(5));
        assertEquals(List.of(2), bench.running());
        assertTrue(bench.now().settled() && bench.now().succeeded());
        assertEquals(0, bench.now().restarts());
        assertTrue(bench.around.types().contains("reloaded"));
    }

    @Test
    void reloadWhoseNewOneFails_keepsTheOldOneAndSaysSo() throws IOException {
        Bench bench = bench().online();
        InstanceSnapshot _ = bench.reload();
        bench.exit(2, 1);
        assertEquals(List.of(1), bench.running());
        assertEquals(List.of(), bench.process(1).signals());
        assertTrue(bench.now().settled());
        assertFalse(bench.now().succeeded());
        assertTrue(bench.now().reason().startsWith("reload failed, generation 1 still serves"));
        assertTrue(bench.around.types().contains("reload_failed"));
    }

    @Test
    void newDaemon_adoptsARunningOneWithoutTouchingIt() throws IOException {
        Bench before = bench().online();
        Bench after = new Bench(before.platform.successor(), folder, before.spec, new Random(2)).begin(Desired.RUNNING);
        assertEquals(State.ONLINE, after.now().state());
        assertEquals(1, after.now().generation());
        assertEquals(List.of(), after.process(1).signals());
        assertEquals(0, after.platform.processes().plans().size());
        after.exit(1, 1);
        after.around.pass(Duration.ofSeconds(1));
        assertEquals(2, after.now().generation());
    }

    @Test
    void newDaemon_takesInAnExitOfMeanwhileOnce() throws IOException {
        Bench before = bench().online();
        FakePlatform platform = before.platform;
        platform.processes().process(new ProcessKey("api:0", 1)).exit(9);
        Bench after = new Bench(platform.successor(), folder, before.spec, new Random(2)).begin(Desired.RUNNING);
        assertEquals(1, after.now().crashes().size());
        assertEquals("exit code 9", after.now().crashes().getFirst().cause());
        assertEquals(
                List.of(new ProcessKey("api:0", 1)), after.platform.processes().forgotten());
        after.around.pass(Duration.ofSeconds(1));
        assertEquals(List.of(2), after.running());
    }

    @Test
    void newDaemon_doesNotCountAnExitThatWasRecordedButNotForgotten() throws IOException {
        Bench before = bench().online();
        FakePlatform next = before.platform.successor();
        before.exit(1, 4);
        assertEquals(1, before.now().crashes().size());
        next.processes().process(new ProcessKey("api:0", 1)).exit(4);
        Bench after = new Bench(next, folder, before.spec, new Random(2)).begin(Desired.RUNNING);
        assertEquals(1, after.now().crashes().size());
        assertEquals(1, after.now().restarts());
        assertEquals(
                List.of(new ProcessKey("api:0", 1)), after.platform.processes().forgotten());
        assertEquals(2, after.now().generation());
    }

    @Test
    void newDaemon_leavesAloneWhatHadEndedByItsPolicy() throws IOException {
        Bench before =
                bench(Specs.DEFAULT.with(Specs.policy(RestartPolicy.Mode.NO))).online();
        before.exit(1, 0);
        assertEquals(State.STOPPED, before.now().state());
        Bench after = new Bench(before.platform.successor(), folder, before.spec, new Random(2)).begin(Desired.RUNNING);
        assertEquals(State.STOPPED, after.now().state());
        assertEquals(OptionalInt.of(0), after.now().exitCode());
        assertEquals(State.LAUNCHING, after.start().state());
        assertEquals(2, after.now().generation());
    }

    @Test
    void newDaemon_finishesAStopThatWasUnderWay() throws IOException {
        Bench before = bench().online();
        InstanceSnapshot _ = before.stop();
        Bench after = new Bench(before.platform.successor(), folder, before.spec, new Random(2)).begin(Desired.STOPPED);
        assertEquals(State.STOPPING, after.now().state());
        after.around.pass(Duration.ofSeconds(5));
        assertEquals(State.STOPPED, after.now().state());
        assertEquals(List.of(), after.running());
    }

    @Test
    void signal_reachesTheProgramAlone() throws IOException {
        Bench bench = bench().online();
        InstanceSnapshot _ = bench.command(new SupervisorCommand.SignalInstance(Signal.USR2));
        assertEquals(
                List.of(new Sent(Signal.USR2, Scope.PROCESS)), bench.process(1).signals());
        assertEquals(State.ONLINE, bench.now().state());
    }

    @Test
    void close_leavesTheProcessAloneAndNothingArmed() throws IOException {
        Bench bench = bench().begin(Desired.STOPPED);
        InstanceSnapshot _ = bench.start();
        assertTrue(bench.supervisor.close().succeeded());
        assertEquals(0, bench.around.timers());
        assertEquals(List.of(1), bench.running());
        assertEquals(List.of(), bench.process(1).signals());
    }
}
