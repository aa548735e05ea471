package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.Dependency.Condition;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.os.fake.FakeProcesses;
import dev.bunctl.verticles.state.Specs;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Apps that depend on each other: a chain of a, b, c, d and e, in which each waits for the one before it. */
class DependencyOrderTest extends ControlTest {
    private static final Selection ALL = new Selection.All();

    private static AppSpec app(String name, Condition condition, String... needed) {
        return Specs.of(
                name,
                1,
                List.of(needed).stream()
                        .map(one -> new Dependency(new AppName(one), condition))
                        .toList());
    }

    private static List<AppSpec> chain() {
        return List.of(
                app("e", Condition.READY, "d"),
                app("d", Condition.READY, "c"),
                app("c", Condition.READY, "b"),
                app("b", Condition.READY, "a"),
                app("a", Condition.READY));
    }

    private FakeProcesses processes() {
        return daemon.platform().processes();
    }

    private List<String> spawned() {
        return processes().plans().stream().map(plan -> plan.key().instance()).toList();
    }

    private static String outcome(Answer answer, String instance) {
        return ((Answer.Changed) answer)
                .results().stream()
                        .filter(result -> result.instance().equals(instance))
                        .findFirst()
                        .orElseThrow()
                        .outcome();
    }

    @Test
    void chain_startsInOrder() throws Exception {
        assertTrue(daemon.change(new Command.Start(chain(), true)).succeeded());
        assertEquals(List.of("a:0", "b:0", "c:0", "d:0", "e:0"), spawned());
    }

    @Test
    void chainWithAFailingMiddle_saysOfEachWhyAndComesUpOnceItIsMended() throws Exception {
        processes().holdSpawns();
        CompletableFuture<Answer> start = daemon.asking(new Command.Start(chain(), true));
        held("a").succeed();
        held("b").succeed();
        FakeProcesses.HeldSpawn middle = held("c");
        assertEquals("waits for c", reason("d"));
        daemon.forgetEvents();
        middle.fail(new NativeException("exec", 2, "no such file"));

        Answer answer = start.get(20, TimeUnit.SECONDS);

        assertFalse(((Answer.Changed) answer).succeeded());
        assertEquals("started", outcome(answer, "b:0"));
        assertTrue(outcome(answer, "c:0").contains("no such file"), outcome(answer, "c:0"));
        assertTrue(outcome(answer, "d:0").startsWith("waits for c:0, which failed: "), outcome(answer, "d:0"));
        assertTrue(
                outcome(answer, "e:0").startsWith("waits for d:0, which waits for c:0, which failed: "),
                outcome(answer, "e:0"));

        for (String next : List.of("c", "d", "e")) {
            held(next).succeed();
        }
        daemon.event("e:0", "became_ready");
        assertEquals("e:0 online", daemon.states().getFirst());
    }

    /** The spawn that this app waits for. */
    private FakeProcesses.HeldSpawn held(String app) throws Exception {
        daemon.event(app + ":0", "starting");
        var _ = daemon.status(); // the spawn is asked for on the same turn as the event
        return processes().heldSpawns().getLast();
    }

    private String reason(String app) throws Exception {
        return daemon.status().instances().stream()
                .filter(one -> one.name().equals(app))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    @Test
    void stop_goesAgainstTheOrder() throws Exception {
        daemon.change(new Command.Start(chain(), true));
        FakeProcess last = processes().running("e:0").ignoresSignals();

        CompletableFuture<Answer> stop = daemon.asking(new Command.Stop(ALL));
        daemon.event("e:0", "stopping");
        assertEquals(
                4,
                daemon.states().stream()
                        .filter(state -> state.endsWith("online"))
                        .count());
        last.exit(0);
        assertTrue(((Answer.Changed) stop.get(20, TimeUnit.SECONDS)).succeeded());

        assertEquals(List.of("e:0", "d:0", "c:0", "b:0", "a:0"), daemon.instancesOf("stopping"));
    }

    @Test
    void kill_goesAgainstTheOrder() throws Exception {
        daemon.change(new Command.Start(chain(), true));
        daemon.change(new Command.Kill());
        assertEquals(List.of("e:0", "d:0", "c:0", "b:0", "a:0"), daemon.instancesOf("stopping"));
    }

    @Test
    void startDuringAStopInOrder_isNotUndoneByIt() throws Exception {
        daemon.change(new Command.Start(chain(), true));
        FakeProcess last = processes().running("e:0").ignoresSignals();
        CompletableFuture<Answer> stop = daemon.asking(new Command.Stop(ALL));
        daemon.event("e:0", "stopping");

        daemon.change(new Command.StartKnown(named("a"), true));
        last.exit(0);

        assertEquals("left alone: another command wants it", outcome(stop.get(20, TimeUnit.SECONDS), "a:0"));
        assertEquals("a:0 online", daemon.states().getLast());
    }

    @Test
    void restart_goesInOrderAndEndsAtAFailure() throws Exception {
        daemon.change(new Command.Start(chain(), true));
        daemon.forgetEvents();
        processes().failNextSpawn(new NativeException("exec", 2, "no such file"));

        Answer answer =
                daemon.ask(new Command.Restart(named("b", "d", "e"), true, OptionalInt.empty(), Optional.empty()));

        assertTrue(outcome(answer, "b:0").contains("no such file"), outcome(answer, "b:0"));
        assertEquals("left as it was, because of b:0", outcome(answer, "d:0"));
        assertEquals(List.of("b:0"), daemon.instancesOf("stopping"));
    }

    @Test
    void start_whileWhatItNeedsIsStopped_saysSo() throws Exception {
        daemon.change(new Command.Start(chain(), true));
        daemon.change(new Command.Stop(named("b", "c")));

        assertEquals(
                "waits for b:0, which is stopped",
                outcome(daemon.ask(new Command.StartKnown(named("c"), true)), "c:0"));
        daemon.change(new Command.StartKnown(named("b"), true));
        daemon.forgetEvents();
        daemon.change(new Command.StartKnown(named("c"), true));
        assertTrue(daemon.states().contains("c:0 online"));
    }

    @Test
    void stopOfOneThatWaits_endsItsStart() throws Exception {
        processes().holdSpawns();
        CompletableFuture<Answer> start = daemon.asking(new Command.Start(chain(), true));
        FakeProcesses.HeldSpawn first = held("a");

        daemon.change(new Command.Stop(named("e")));
        CompletableFuture<Answer> stop = daemon.asking(new Command.Stop(named("a", "b", "c", "d")));
        daemon.event("a:0", "stopping");
        first.succeed();
        assertTrue(((Answer.Changed) stop.get(20, TimeUnit.SECONDS)).succeeded());

        assertEquals("another command wants something else", outcome(start.get(20, TimeUnit.SECONDS), "e:0"));
        assertEquals(List.of("a:0"), spawned());
    }

    @Test
    void deletionOfWhatIsWaitedFor_isSaidAndEndsTheWait() throws Exception {
        processes().holdSpawns();
        CompletableFuture<Answer> start = daemon.asking(
                new Command.Start(List.of(app("b", Condition.READY, "a"), app("a", Condition.READY)), true));
        FakeProcesses.HeldSpawn needed = held("a");

        CompletableFuture<Answer> delete = daemon.asking(new Command.Delete(named("a")));
        daemon.event("a:0", "stopping");
        needed.succeed();
        assertTrue(((Answer.Changed) delete.get(20, TimeUnit.SECONDS)).succeeded());

        assertEquals("waits for a:0, which is stopped", outcome(start.get(20, TimeUnit.SECONDS), "b:0"));
        held("b").succeed();
        daemon.event("b:0", "became_ready");
    }

    @Test
    void job_isWaitedForUntilItHasCompletedEachTime() throws Exception {
        AppSpec job = Specs.once("job");
        AppSpec api = app("api", Condition.COMPLETED, "job");
        for (int times = 1; times <= 2; times++) {
            daemon.forgetEvents();
            CompletableFuture<Answer> start = daemon.asking(new Command.Start(List.of(api, job), true));
            daemon.event("job:0", "became_ready");
            assertTrue(
                    daemon.states().contains("api:0 stopped"), daemon.states().toString());
            processes().running("job:0").exit(0);
            assertTrue(((Answer.Changed) start.get(20, TimeUnit.SECONDS)).succeeded());
            assertTrue(daemon.states().contains("api:0 online"));
            daemon.change(new Command.Stop(named("api")));
        }
    }

    @Test
    void jobThatFails_isSaidToThoseThatWaitForIt() throws Exception {
        AppSpec api = app("api", Condition.COMPLETED, "job");
        CompletableFuture<Answer> start = daemon.asking(new Command.Start(List.of(api, Specs.once("job")), true));
        daemon.event("job:0", "became_ready");
        processes().running("job:0").exit(4);
        assertEquals(
                "waits for job:0, which failed: exit code 4, restart policy no",
                outcome(start.get(20, TimeUnit.SECONDS), "api:0"));
    }

    @Test
    void exhaustedRemove_forgetsTheApp() throws Exception {
        RestartPolicy usual = RestartPolicy.DEFAULT;
        RestartPolicy remove = new RestartPolicy(
                RestartPolicy.Mode.ALWAYS,
                0,
                usual.window(),
                usual.minUptime(),
                usual.delay(),
                usual.backoff(),
                usual.successExitCodes(),
                usual.successSignals(),
                usual.stopExitCodes(),
                usual.stopSignals(),
                RestartPolicy.Exhausted.REMOVE);
        daemon.change(new Command.Start(List.of(Specs.of("api", remove)), true));
        processes().running("api:0").exit(1);
        daemon.event("api:0", "gave_up_for_good");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        // The app goes first, and the record of its process once nobody needs that any more.
        while (!daemon.states().isEmpty() || !processes().all().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "never forgotten");
        }
    }
}
