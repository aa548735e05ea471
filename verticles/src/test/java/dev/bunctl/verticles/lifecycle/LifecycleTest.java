package dev.bunctl.verticles.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.CrashRecord.Kind;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.RestartPolicy.Mode;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifecycleTest {
    private static PureWorld online(Specs specs) {
        PureWorld world = new PureWorld(specs.spec(), new Random(1));
        world.feed(new Event.StartAsked());
        world.spawnSucceeds(1, false);
        world.feed(Situations.alive(1));
        world.timers.clear();
        return world;
    }

    private static void crash(PureWorld world) {
        crash(world, List.of("the last line"));
    }

    private static void crash(PureWorld world, List<String> lines) {
        int generation = world.alive.firstKey();
        world.exits(generation, new ExitStatus.Code(1));
        world.drained(generation, lines);
    }

    private static void runAgain(PureWorld world) {
        world.nextTimer()
                .filter(timer -> timer.kind() == TimerName.Kind.BACKOFF)
                .ifPresent(world::fire);
        world.spawnSucceeds(world.pendingSpawns.first(), false);
        world.feed(Situations.alive(world.alive.firstKey()));
        world.timers.clear();
    }

    @Test
    void everyStateAndEvent_yieldsAStep() {
        Situations.states()
                .forEach((name, slot) -> Situations.events(slot).forEach((what, event) -> {
                    Step step = Lifecycle.step(slot, event, Situations.SPEC, Situations.NOW);
                    assertNotNull(step.next(), () -> name + " x " + what);
                    assertFalse(step.next().reason().isEmpty(), () -> name + " x " + what + " has no reason");
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "ALWAYS, 0, waiting_restart",
        "ALWAYS, 1, waiting_restart",
        "ALWAYS, 7, stopped",
        "ON_FAILURE, 0, stopped",
        "ON_FAILURE, 1, waiting_restart",
        "ON_FAILURE, 7, stopped",
        "NO, 0, stopped",
        "NO, 1, errored",
        "NO, 7, stopped",
    })
    void exitCode_underEachPolicy(Mode mode, int code, String expected) {
        assertEquals(expected, LifecycleDocument.outcome(mode, new ExitStatus.Code(code)));
    }

    @ParameterizedTest
    @CsvSource({"ALWAYS, waiting_restart", "ON_FAILURE, waiting_restart", "NO, errored"})
    void deathBySignal_isAFailureUnderEachPolicy(Mode mode, String expected) {
        assertEquals(expected, LifecycleDocument.outcome(mode, new ExitStatus.Killed(Signal.KILL, false)));
        assertEquals(expected, LifecycleDocument.outcome(mode, new ExitStatus.Unknown()));
    }

    /** It is no fault of the app, and passes: nobody has to start it again by hand. */
    @Test
    void hostWithoutRoomForAProcess_isAskedAgainForEver_everMoreSlowly() {
        PureWorld world =
                new PureWorld(Specs.DEFAULT.with(Specs.policy(Mode.ON_FAILURE)).spec(), new Random(1));
        world.feed(new Event.StartAsked());
        for (int tries = 0; tries < 1000; tries++) {
            int generation = world.pendingSpawns.first();
            world.pendingSpawns.clear();
            world.feed(new Event.NotSpawned(generation, "fork: resource temporarily unavailable", true));
            assertInstanceOf(Phase.Waiting.class, world.slot.phase());
            world.fire(world.nextTimer().orElseThrow());
        }
        assertTrue(world.slot.history().getLast().cause().text().contains("resource temporarily unavailable"));
        world.spawnSucceeds(world.pendingSpawns.first(), false);
        world.feed(Situations.alive(world.alive.firstKey()));
        assertInstanceOf(Phase.Online.class, world.slot.phase());
        assertEquals(0, world.slot.counters().restarts());
    }

    @Test
    void policyEndedExit_keepsItsCodeAndReason() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ON_FAILURE)));
        world.exits(1, new ExitStatus.Code(0));
        world.drained(1);
        assertEquals(0, world.slot.exitCode().orElseThrow());
        assertEquals("exit code 0, restart policy on-failure", world.slot.reason());
        assertTrue(world.slot.succeeded());
    }

    /** The host forgets the exit once it is written down, drained or not; a daemon that dies then must not start it again. */
    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "7, false"})
    void exitThatThePolicyLeavesAlone_isWrittenDownAsAnEndAtOnce(int code, boolean errored) {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.NO)));
        world.exits(1, new ExitStatus.Code(code));
        Memory memory = Memory.of(world.slot);
        assertEquals(errored, memory.ended().orElseThrow().errored());

        Step next = Restoration.restore(memory, List.of(), Desired.RUNNING, world.spec, Situations.NOW);
        assertFalse(next.effects().stream().anyMatch(Effect.Spawn.class::isInstance));
        assertEquals(
                errored ? new Phase.Errored() : new Phase.Stopped(), next.next().phase());
    }

    @Test
    void crashBeforeMinUptime_growsTheBackoff() {
        PureWorld world = online(Specs.DEFAULT);
        double last = 0;
        for (int attempt = 0; attempt < 5; attempt++) {
            crash(world);
            Duration wait = Objects.requireNonNull(world.timers.get(TimerName.backoff()))
                    .minus(world.time);
            double middle = 0.1 * Math.pow(2, attempt);
            double seconds = wait.toNanos() / 1e9;
            assertTrue(seconds >= middle * 0.7 && seconds <= middle * 1.3, () -> wait + " is not about " + middle);
            assertTrue(seconds > last);
            last = seconds;
            runAgain(world);
        }
    }

    @Test
    void runOfMinUptime_resetsTheBackoff() {
        PureWorld world = online(Specs.DEFAULT);
        crash(world);
        runAgain(world);
        crash(world);
        runAgain(world);
        assertEquals(2, world.slot.counters().attempt());
        world.time = world.time.plusSeconds(1);
        crash(world);
        assertEquals(1, world.slot.counters().attempt());
    }

    @Test
    void backoff_isCappedHoweverOftenItGrew() {
        RestartPolicy.Backoff steep = new RestartPolicy.Backoff(Duration.ofMillis(100), 100, Duration.ofSeconds(30), 0);
        assertEquals(Duration.ofSeconds(30), BackoffCurve.wait(steep, Integer.MAX_VALUE, 0.5));
        assertEquals(Duration.ZERO, BackoffCurve.wait(Specs.noWait(), 0, 0.5));
    }

    @Test
    void fixedDelay_takesTheBackoffsPlace() {
        RestartPolicy fixed = new RestartPolicy(
                Mode.ALWAYS,
                -1,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                RestartPolicy.Backoff.DEFAULT,
                Set.of(0),
                Set.of(),
                Set.of(),
                Set.of(),
                RestartPolicy.Exhausted.STOP);
        PureWorld world = online(Specs.DEFAULT.with(fixed));
        crash(world);
        assertEquals(world.time.plusSeconds(4), world.timers.get(TimerName.backoff()));
    }

    @Test
    void seventeenthCrashWithinTheWindow_isGivenUp() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS, 16, Specs.noWait())));
        for (int restart = 1; restart <= 16; restart++) {
            crash(world);
            runAgain(world);
        }
        assertInstanceOf(Phase.Online.class, world.slot.phase());
        crash(world);
        assertInstanceOf(Phase.Errored.class, world.slot.phase());
        assertEquals("exit code 1, after 16 restarts within 10 min", world.slot.reason());
        assertTrue(world.announced.contains(Effect.Happening.GAVE_UP));
    }

    @Test
    void windowSlides_soThatOldRestartsDoNotCount() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS, 2, Specs.noWait())));
        for (int restart = 1; restart <= 10; restart++) {
            world.time = world.time.plusMinutes(5);
            crash(world);
            runAgain(world);
        }
        assertEquals(10, world.slot.counters().restarts());
        crash(world);
        assertInstanceOf(Phase.Errored.class, world.slot.phase());
    }

    @Test
    void stableForAnHourThenCrashLooping_isGivenUp() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS, 3, Specs.noWait())));
        world.time = world.time.plusHours(1);
        for (int restart = 1; restart <= 3; restart++) {
            crash(world);
            runAgain(world);
        }
        crash(world);
        assertInstanceOf(Phase.Errored.class, world.slot.phase());
    }

    @Test
    void restartsByTheUser_neverCount() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS, 1, Specs.noWait())));
        for (int times = 0; times < 5; times++) {
            int generation = world.alive.firstKey();
            world.feed(new Event.RestartAsked());
            world.exits(generation, new ExitStatus.Code(0));
            world.drained(generation);
            runAgain(world);
        }
        assertEquals(0, world.slot.counters().restarts());
        crash(world);
        runAgain(world);
        assertInstanceOf(Phase.Online.class, world.slot.phase());
    }

    @Test
    void exhaustedRemove_asksToBeForgotten() {
        RestartPolicy remove = new RestartPolicy(
                Mode.ALWAYS,
                0,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ZERO,
                RestartPolicy.Backoff.DEFAULT,
                Set.of(0),
                Set.of(),
                Set.of(),
                Set.of(),
                RestartPolicy.Exhausted.REMOVE);
        PureWorld world = online(Specs.DEFAULT.with(remove));
        crash(world);
        assertTrue(world.announced.contains(Effect.Happening.GAVE_UP_FOR_GOOD));
    }

    @Test
    void window_remembersNoMoreThanItsLimit() {
        Counters counters = Counters.NONE;
        for (int restart = 0; restart <= Counters.MAX_WINDOW; restart++) {
            counters = counters.restartedAt(Duration.ofMillis(restart), Duration.ofDays(1));
        }
        assertEquals(Counters.MAX_WINDOW, counters.window().size());
        assertEquals(Duration.ofMillis(1), counters.window().getFirst());
        assertEquals(Counters.MAX_WINDOW + 1, counters.restarts());
    }

    @Test
    void cronOfAnInstanceTheUserStopped_startsNothing() {
        PureWorld world = online(Specs.DEFAULT);
        world.feed(new Event.StopAsked());
        world.exits(1, new ExitStatus.Code(0));
        world.drained(1);
        assertEquals(List.of(), world.feed(new Event.RestartDue(Event.Occasion.CRON, "cron")));
    }

    @Test
    void cronOfAJobThatIsDone_runsItAgain() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.NO)));
        world.exits(1, new ExitStatus.Code(0));
        world.drained(1);
        world.feed(new Event.RestartDue(Event.Occasion.CRON, "cron"));
        assertEquals(new Phase.Starting(2), world.slot.phase());
    }

    @Test
    void fileChangeDuringBackoff_startsAtOnce() {
        PureWorld world = online(Specs.DEFAULT);
        crash(world);
        world.feed(new Event.RestartDue(Event.Occasion.FILE_CHANGE, "app.ts changed"));
        assertEquals(new Phase.Starting(2), world.slot.phase());
        assertTrue(world.timers.isEmpty());
    }

    @Test
    void stopSignal_goesToTheProgramAloneWhenAskedFor() {
        AppSpec spec = Specs.DEFAULT
                .with(new StopPolicy("SIGTERM", Duration.ofSeconds(5), false, StopPolicy.KillMode.PROCESS))
                .spec();
        PureWorld world = online(Specs.DEFAULT);
        world.spec = spec;
        assertTrue(world.feed(new Event.StopAsked())
                .contains(new Effect.SendSignal(1, Signal.TERM, Processes.Scope.PROCESS)));
    }

    @Test
    void missingReadiness_isOnlineAnywayWhenAskedFor() {
        PureWorld world = new PureWorld(
                Specs.DEFAULT
                        .with(new Readiness(new Readiness.Message(), Duration.ofSeconds(3), true))
                        .spec(),
                new Random(1));
        world.feed(new Event.StartAsked());
        world.spawnSucceeds(1, false);
        world.fire(new TimerName(TimerName.Kind.READY, 1));
        assertInstanceOf(Phase.Online.class, world.slot.phase());
        assertEquals("not ready within 3 s, taken as online", world.slot.reason());
    }

    @Test
    void reloadOfAReload_endsWithTheNewestOne() {
        PureWorld world = online(Specs.DEFAULT);
        world.feed(new Event.ReloadAsked());
        world.feed(new Event.ReloadAsked());
        world.settle();
        assertEquals(3, world.slot.process().orElseThrow().number());
        assertTrue(world.slot.succeeded());
    }

    @Test
    void crashThatStartsAgainAtOnce_doesNotWaitForItsLastLines() {
        Slot online = Objects.requireNonNull(Situations.states().get("online"));
        AppSpec atOnce = Specs.DEFAULT
                .with(Specs.policy(Mode.ALWAYS, 16, Specs.noWait()))
                .spec();
        assertTrue(Lifecycle.step(online, Situations.exited(1, 1), atOnce, Situations.NOW)
                .effects()
                .contains(new Effect.Drain(1, Effect.LastLines.LATER)));
        assertTrue(Lifecycle.step(online, Situations.exited(1, 1), Situations.SPEC, Situations.NOW)
                .effects()
                .contains(new Effect.Drain(1, Effect.LastLines.AWAITED)));
    }

    @Test
    void historyKeepsSoManyEnds_andAllLinesOfTheNewest() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS, -1, Specs.noWait())));
        for (int restart = 0; restart < Slot.MAX_HISTORY + 3; restart++) {
            crash(world, List.of("first line", "last line", " "));
            runAgain(world);
        }
        List<Ending> history = world.slot.history();
        assertEquals(Slot.MAX_HISTORY, history.size());
        assertEquals(4, history.getFirst().generation());
        assertEquals(
                List.of("last line"),
                history.get(history.size() - 1 - Slot.MAX_RECENT).lastLines());
        for (Ending recent : history.subList(history.size() - Slot.MAX_RECENT, history.size())) {
            assertEquals(List.of("first line", "last line", " "), recent.lastLines());
        }
    }

    @Test
    void lastWords_areCutAtTheirLimit() {
        String most = "x".repeat(LastWords.MAX_CHARACTERS);
        assertEquals(List.of(most), LastWords.whole(List.of("older", most)));
        assertEquals(List.of(most), LastWords.whole(List.of("older", most + "y")));
        assertEquals(List.of("a", "b"), LastWords.whole(List.of(most, "a", "b")));
        assertEquals(List.of("x".repeat(LastWords.MAX_BRIEF)), LastWords.brief(List.of(most)));
        assertEquals(List.of(), LastWords.brief(List.of("", " ")));
    }

    @Test
    void successSignal_isNoFailure_andStopSignalRests() {
        Specs onFailure = Specs.DEFAULT.with(Specs.policy(Mode.ON_FAILURE));
        PureWorld success = online(onFailure);
        success.exits(1, new ExitStatus.Killed(Signal.TERM, false));
        success.drained(1);
        assertEquals("signal SIGTERM, restart policy on-failure", success.slot.reason());
        assertInstanceOf(Phase.Stopped.class, success.slot.phase());
        PureWorld stop = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS)));
        stop.exits(1, new ExitStatus.Killed(Signal.QUIT, false));
        stop.drained(1);
        assertEquals("signal SIGQUIT is one of stop_signals", stop.slot.reason());
        assertInstanceOf(Phase.Stopped.class, stop.slot.phase());
        PureWorld failure = online(onFailure);
        failure.exits(1, new ExitStatus.Killed(Signal.KILL, false));
        failure.drained(1);
        assertInstanceOf(Phase.Waiting.class, failure.slot.phase());
    }

    @Test
    void passedHealthCheck_isAnnouncedOnceForEachGeneration() {
        PureWorld world = online(Specs.DEFAULT);
        assertEquals(List.of(), world.feed(new Event.WellSeen(2)));
        assertEquals(List.of(new Effect.Announce(Effect.Happening.BECAME_HEALTHY)), world.feed(new Event.WellSeen(1)));
        assertEquals(List.of(), world.feed(new Event.WellSeen(1)));
        assertEquals(1, world.slot.wellGeneration());
    }

    @Test
    void everyEnd_saysWhy() {
        PureWorld world = online(Specs.DEFAULT.with(Specs.policy(Mode.ALWAYS, -1, Specs.noWait())));
        List<Runnable> ends = List.of(
                () -> world.exits(world.alive.firstKey(), new ExitStatus.Code(1)),
                () -> world.exits(world.alive.firstKey(), new ExitStatus.Killed(Signal.SEGV, true)),
                () -> outOfMemory(world),
                () -> told(world, new Event.RestartAsked()),
                () -> told(world, new Event.RestartDue(Event.Occasion.CRON, "cron 0 4 * * *")),
                () -> told(world, new Event.RestartDue(Event.Occasion.FILE_CHANGE, "app.ts changed")),
                () -> told(world, new Event.TroubleSeen(world.alive.firstKey(), Event.Trouble.HEALTH, "unhealthy")),
                () -> told(world, new Event.TroubleSeen(world.alive.firstKey(), Event.Trouble.MEMORY, "too much")));
        for (Runnable end : ends) {
            end.run();
            world.drained(world.draining.first());
            runAgain(world);
        }
        assertEquals(
                List.of(Kind.CODE, Kind.SIGNAL, Kind.OOM, Kind.USER, Kind.CRON, Kind.WATCH, Kind.PROBE, Kind.LIMIT),
                world.slot.history().stream()
                        .map(ending -> ending.cause().kind())
                        .toList());
    }

    private static void told(PureWorld world, Event event) {
        int generation = world.alive.firstKey();
        world.feed(event);
        world.exits(generation, new ExitStatus.Code(0));
    }

    private static void outOfMemory(PureWorld world) {
        int generation = world.alive.firstKey();
        ProcessIdentity identity = Objects.requireNonNull(world.alive.remove(generation));
        world.feed(new Event.Exited(
                generation,
                identity,
                new ExitStatus.Killed(Signal.KILL, false),
                PureWorld.EPOCH.plus(world.time),
                true));
    }
}
