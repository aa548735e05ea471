package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Command.Scale.Count;
import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.CrashRecord.Kind;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Parallel;
import dev.bunctl.conf.Instances;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Processes.Scope;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.os.fake.FakeProcesses;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.Specs;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Commands that are for several instances at a time: scale, signal, history, and so many at a time. */
class FleetCommandsTest extends ControlTest {
    private static Command.Scale to(int count) {
        return new Command.Scale("api", new Count.To(count), true);
    }

    private static Command.Scale by(int more) {
        return new Command.Scale("api", new Count.By(more), true);
    }

    private FakeProcesses processes() {
        return daemon.platform().processes();
    }

    private List<CrashRecord> history(String... words) throws Exception {
        return ((Answer.History) daemon.ask(new Command.History(named(words)))).crashes();
    }

    @Test
    void scaleUp_startsNewInstancesAndKeepsTheCount() throws Exception {
        daemon.change(starting(Specs.of("api")));

        Answer.Changed changed = daemon.change(to(3));

        assertEquals(List.of("api:1 started", "api:2 started"), outcomes(changed));
        assertEquals(3, changed.instances().size());
        assertEquals(List.of("api:0 online", "api:1 online", "api:2 online"), daemon.states());
        assertEquals(3, processes().plans().size());
        daemon = daemon.successor();
        daemon.event("api:2", "adopted");
        assertEquals(4, daemon.change(by(1)).instances().size());
    }

    @Test
    void scaleDown_stopsTheHighestNumbersAndForgetsThem() throws Exception {
        daemon.change(starting(Specs.of("api", 4, List.of())));

        Answer.Changed changed = daemon.change(by(-2));

        assertEquals(List.of("api:2 deleted", "api:3 deleted"), outcomes(changed));
        assertEquals(List.of("api:0 online", "api:1 online"), daemon.states());
        assertEquals(2, saved().instanceCount());
        assertEquals(2, saved().find("api").orElseThrow().spec().instances().count());
        assertEquals(List.of("api:2 started"), outcomes(daemon.change(by(1))));
        assertEquals(4, daemon.status().instances().getLast().id(), "an id is never given twice");
    }

    @Test
    void scale_toTheSameCount_changesNothing() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of())));

        Answer.Changed changed = daemon.change(to(2));

        assertEquals(List.of(), changed.results());
        assertEquals(2, changed.instances().size());
        assertEquals(2, processes().plans().size());
    }

    @Test
    void scale_ofAStoppedApp_startsNothing() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.change(new Command.Stop(named("api")));

        assertEquals(List.of("api:1 added, stopped like the others"), outcomes(daemon.change(to(2))));

        assertEquals(List.of("api:0 stopped", "api:1 stopped"), daemon.states());
        assertTrue(saved().find("api").orElseThrow().instances().stream().allMatch(one -> one.intent() == Intent.STOP));
    }

    @Test
    void scale_outsideTheLimits_isRefusedAndChangesNothing() throws Exception {
        daemon.change(starting(Specs.of("api")));

        assertEquals(ErrorCode.INVALID, daemon.refused(to(0)).code());
        assertEquals(ErrorCode.INVALID, daemon.refused(by(-1)).code());
        assertEquals(ErrorCode.LIMIT, daemon.refused(to(Instances.MAX + 1)).code());
        assertEquals(ErrorCode.LIMIT, daemon.refused(by(Integer.MAX_VALUE)).code());
        assertEquals(
                ErrorCode.UNKNOWN_APP,
                daemon.refused(new Command.Scale("apx", new Count.To(2), true)).code());
        assertEquals(List.of("api:0 online"), daemon.states());
        assertEquals(1, saved().find("api").orElseThrow().spec().instances().count());
    }

    @Test
    void scaleUp_ofAnInstanceThatFails_saysSo() throws Exception {
        daemon.change(starting(Specs.once("api")));
        processes().failNextSpawn(new NativeException("exec", 2, "no such file"));

        Answer.Changed changed = daemon.change(to(2));

        assertFalse(changed.succeeded());
        assertEquals(List.of("api:0 online", "api:1 errored"), daemon.states());
    }

    @Test
    void signal_reachesTheProgramsThatRun() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of()), Specs.of("idle")));
        daemon.change(new Command.Stop(named("idle")));

        Answer.Changed sent = daemon.change(new Command.SendSignal(named("api"), "sigusr2"));

        assertEquals(List.of("api:0 sent SIGUSR2", "api:1 sent SIGUSR2"), outcomes(sent));
        assertTrue(processes().running("api:1").signals().contains(new FakeProcess.Sent(Signal.USR2, Scope.PROCESS)));
        Answer.Changed failed = daemon.change(new Command.SendSignal(named("idle"), "HUP"));
        assertEquals(List.of("idle:0 does not run"), outcomes(failed));
        assertFalse(failed.succeeded());
        Answer.Refused refused = daemon.refused(new Command.SendSignal(named("api"), "NOPE"));
        assertEquals("no signal is called 'NOPE'", refused.detail());
    }

    @Test
    void history_isKeptOverDaemonsAndOfStoppedApps() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.forgetEvents();
        processes().running("api:0").exit(3);
        daemon.event("api:0", "became_ready");
        daemon.change(new Command.Stop(named("api")));

        List<CrashRecord> before = history("api");
        daemon = daemon.successor();

        assertEquals(
                List.of(Kind.CODE, Kind.USER),
                before.stream().map(CrashRecord::kind).toList());
        assertEquals(OptionalInt.of(3), before.getFirst().exitCode());
        assertEquals(Optional.of("SIGINT"), before.getLast().signal());
        assertEquals(before, history("api"));
        assertEquals(List.of("api:0 stopped"), daemon.states());
    }

    @Test
    void describe_showsTheLastTenEndsAndHistoryMore() throws Exception {
        daemon.change(starting(Specs.of("api")));
        for (int times = 0; times < 12; times++) {
            daemon.change(new Command.Restart(named("api"), true, OptionalInt.empty(), Optional.empty()));
        }

        Answer.Description description = (Answer.Description) daemon.ask(new Command.Describe(named("api")));

        List<CrashRecord> all = history("api");
        assertEquals(12, all.size());
        assertEquals(all.subList(2, 12), description.apps().getFirst().crashes());
    }

    @Test
    void reload_soManyAtATime() throws Exception {
        daemon.change(starting(Specs.of("api", 4, List.of())));
        processes().holdSpawns();

        CompletableFuture<Answer> reload = daemon.asking(new Command.Reload(named("api"), 3));
        daemon.event("api:2", "reloading");
        var _ = daemon.status();
        assertEquals(3, processes().heldSpawns().size(), "the fourth waits for its turn");
        processes().heldSpawns().getFirst().succeed();
        daemon.event("api:3", "reloading");
        var _ = daemon.status();
        processes().heldSpawns().forEach(FakeProcesses.HeldSpawn::succeed);

        assertTrue(((Answer.Changed) reload.get(20, TimeUnit.SECONDS)).succeeded());
        assertEquals(8, processes().plans().size());
    }

    @Test
    void reload_ofOneThatFails_leavesTheOthersAsTheyAre() throws Exception {
        daemon.change(starting(Specs.of("api", 3, List.of())));
        long pid = daemon.only().pid().orElseThrow();
        processes().failNextSpawn(new NativeException("exec", 2, "no such file"));

        Answer.Changed changed = daemon.change(new Command.Reload(named("api")));

        List<String> outcomes = outcomes(changed);
        assertTrue(
                outcomes.getFirst().startsWith("api:0 reload failed, generation 1 still serves: "),
                outcomes.getFirst());
        assertEquals(
                List.of("api:1 left as it was, because of api:0", "api:2 left as it was, because of api:0"),
                outcomes.subList(1, 3));
        assertEquals(pid, daemon.only().pid().orElseThrow());
    }

    @Test
    void reload_ofAProgramThatIsNotDrained_saysThatNothingIsPromised() throws Exception {
        daemon.change(starting(Specs.of("api")));

        Answer.Changed changed = daemon.change(new Command.Reload(named("api")));

        assertTrue(changed.succeeded());
        assertEquals(1, changed.warnings().size());
        assertTrue(changed.warnings().getFirst().contains("requests may have been lost"), changed.toString());
        assertTrue(changed.warnings().getFirst().contains("not sleep"), changed.toString());
    }

    @Test
    void restart_oneAtATime_waitsUntilEachIsReady() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of())));
        processes().holdSpawns();
        daemon.forgetEvents();

        CompletableFuture<Answer> restart =
                daemon.asking(new Command.Restart(named("api"), true, OptionalInt.of(1), Optional.empty()));
        daemon.event("api:0", "starting");
        assertEquals(List.of("api:1 online"), daemon.states().subList(1, 2));
        processes().heldSpawns().forEach(FakeProcesses.HeldSpawn::succeed);
        daemon.event("api:1", "starting");
        var _ = daemon.status();
        processes().heldSpawns().forEach(FakeProcesses.HeldSpawn::succeed);

        assertEquals(List.of("api:0 restarted", "api:1 restarted"), outcomes((Answer.Changed)
                restart.get(20, TimeUnit.SECONDS)));
    }

    @Test
    void stopDuringARollingReload_isNotUndoneByIt() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of())));
        processes().holdSpawns();
        CompletableFuture<Answer> reload = daemon.asking(new Command.Reload(named("api"), 1));
        daemon.event("api:0", "reloading");

        daemon.change(new Command.Stop(named("api:1")));
        processes().heldSpawns().forEach(FakeProcesses.HeldSpawn::succeed);

        assertEquals(List.of("api:0 reloaded", "api:1 another command wants something else"), outcomes((Answer.Changed)
                reload.get(20, TimeUnit.SECONDS)));
        assertEquals(List.of("api:0 online", "api:1 stopped"), daemon.states());
    }

    @Test
    void parallel_mostAtOnce_isTheMostInstances() {
        assertEquals(Instances.MAX, Parallel.MAX);
    }
}
