package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessSampler.Usage;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.main.TestDaemon;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Specs;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControlVerticleTest extends ControlTest {
    private static Command.Restart restarting(String app) {
        return new Command.Restart(named(app), true, OptionalInt.empty(), Optional.empty());
    }

    private static Dependency on(String app, Dependency.Condition condition) {
        return new Dependency(new AppName(app), condition);
    }

    @Test
    void start_ofNewApp_isReadyAndSaved() throws Exception {
        Answer.Changed changed = daemon.change(starting(Specs.of("api", 2, List.of())));

        assertTrue(changed.succeeded());
        assertEquals(List.of("api:0 started", "api:1 started"), outcomes(changed));
        assertEquals(List.of("api:0 online", "api:1 online"), daemon.states());
        assertEquals(2, saved().instanceCount());
    }

    @Test
    void start_ofRunningApp_saysSoAndLeavesItAlone() throws Exception {
        daemon.change(starting(Specs.of("api")));
        long pid = daemon.only().pid().orElseThrow();

        assertEquals(List.of("api:0 already running"), outcomes(daemon.change(starting(Specs.of("api")))));
        assertEquals(
                List.of("api:0 already running; what changed is used from its next restart"),
                outcomes(daemon.change(starting(Specs.of("api", 1, List.of(), Limits.NONE, false)))));

        assertEquals(pid, daemon.only().pid().orElseThrow());
        assertEquals(1, daemon.platform().processes().plans().size());
    }

    @Test
    void start_withFewerInstances_removesTheRest() throws Exception {
        daemon.change(starting(Specs.of("api", 3, List.of())));

        Answer.Changed changed = daemon.change(starting(Specs.of("api", 1, List.of())));

        assertEquals(3, changed.results().size());
        assertTrue(changed.succeeded(), changed.toString());
        assertEquals(List.of("api:0 online"), daemon.states());
        assertEquals(1, saved().instanceCount());
    }

    @Test
    void start_ofAppThatCannotBeSpawned_saysWhy() throws Exception {
        daemon.platform().processes().failNextSpawn(new NativeException("exec", 2, "no such file"));

        InstanceResult result =
                daemon.change(starting(Specs.of("api"))).results().getFirst();

        assertFalse(result.succeeded());
        assertTrue(result.outcome().contains("no such file"), result.outcome());
    }

    @Test
    void start_withoutWaiting_isAnsweredBeforeTheSpawn() throws Exception {
        daemon.platform().processes().holdSpawns();

        Answer.Changed changed = daemon.change(new Command.Start(List.of(Specs.of("api")), false));

        assertEquals(List.of("api:0 starting"), outcomes(changed));
        assertEquals(List.of("api:0 launching"), daemon.states());
    }

    @Test
    void start_ofNothingOrTwice_isInvalid() throws Exception {
        assertEquals(ErrorCode.INVALID, daemon.refused(starting()).code());
        Answer.Refused twice = daemon.refused(starting(Specs.of("api"), Specs.of("api")));
        assertEquals("app 'api' is there twice", twice.detail());
        assertEquals(List.of(), daemon.states());
    }

    @Test
    void start_overTheLimitOfInstances_isRefusedAndChangesNothing() throws Exception {
        List<AppSpec> specs = new ArrayList<>();
        for (int app = 0; app < 10; app++) {
            specs.add(Specs.of("app" + app, 1001, List.of()));
        }

        Answer.Refused refused = daemon.refused(new Command.Start(specs, false));

        assertEquals(ErrorCode.LIMIT, refused.code());
        assertEquals("at most 10000 instances can be known", refused.detail());
        assertEquals(List.of(), daemon.states());
    }

    @Test
    void start_ofUnknownOrCircularDependency_isInvalid() throws Exception {
        Answer.Refused unknown =
                daemon.refused(starting(Specs.of("api", 1, List.of(on("db", Dependency.Condition.READY)))));
        assertEquals("app 'api' depends on 'db', which is not known", unknown.detail());

        Answer.Refused circle = daemon.refused(starting(
                Specs.of("a", 1, List.of(on("b", Dependency.Condition.READY))),
                Specs.of("b", 1, List.of(on("a", Dependency.Condition.READY)))));
        assertEquals("depends_on goes in a circle: a -> b -> a", circle.detail());
        assertEquals(List.of(), daemon.states());
    }

    @Test
    void start_withDependency_waitsUntilThatIsReady() throws Exception {
        daemon.change(starting(
                Specs.of("api", 1, List.of(on("db", Dependency.Condition.READY))), Specs.of("db", 2, List.of())));

        List<String> order = daemon.platform().processes().plans().stream()
                .map(plan -> plan.key().instance())
                .toList();
        assertEquals(3, order.size());
        assertEquals("api:0", order.getLast());
    }

    @Test
    void start_withFailedDependency_saysWhoFailed() throws Exception {
        daemon.platform().processes().failNextSpawn(new NativeException("exec", 2, "no such file"));
        assertFalse(daemon.change(starting(Specs.once("db"))).succeeded());

        Answer.Changed changed =
                daemon.change(starting(Specs.of("api", 1, List.of(on("db", Dependency.Condition.READY)))));

        String outcome = outcomes(changed).getFirst();
        assertTrue(outcome.startsWith("api:0 waits for db:0, which failed: "), outcome);
        daemon.change(new Command.StartKnown(named("db"), true));
        daemon.event("api:0", "became_ready");
    }

    @Test
    void stop_staysStoppedInTheNextDaemon() throws Exception {
        daemon.change(starting(Specs.of("api"), Specs.of("worker")));

        assertEquals(List.of("api:0 stopped"), outcomes(daemon.change(new Command.Stop(named("api")))));
        assertEquals(List.of("api:0 was not running"), outcomes(daemon.change(new Command.Stop(named("api")))));
        daemon = daemon.successor();

        assertEquals("stopped", daemon.states().getFirst().split(" ")[1]);
        daemon.event("worker:0", "adopted");
        assertEquals(List.of("api:0 stopped", "worker:0 online"), daemon.states());
    }

    @Test
    void slowStop_blocksNobodyAndAnswersStatus() throws Exception {
        daemon.change(starting(Specs.of("api")));
        FakeProcess process = daemon.platform().processes().running("api:0").ignoresSignals();

        CompletableFuture<Answer> first = daemon.asking(new Command.Stop(named("api")));
        CompletableFuture<Answer> second = daemon.asking(new Command.Stop(named("api")));
        daemon.event("api:0", "stopping");

        assertEquals(List.of("api:0 stopping"), daemon.states());
        assertEquals(List.of("worker:0 started"), outcomes(daemon.change(starting(Specs.of("worker")))));
        assertFalse(first.isDone());
        process.exit(0);
        assertEquals(List.of("api:0 stopped"), outcomes((Answer.Changed) first.get(20, TimeUnit.SECONDS)));
        assertEquals(List.of("api:0 stopped"), outcomes((Answer.Changed) second.get(20, TimeUnit.SECONDS)));
    }

    @Test
    void start_duringSlowStop_startsOnceAfterIt() throws Exception {
        daemon.change(starting(Specs.of("api")));
        FakeProcess process = daemon.platform().processes().running("api:0").ignoresSignals();
        CompletableFuture<Answer> stop = daemon.asking(new Command.Stop(named("api")));
        daemon.event("api:0", "stopping");

        CompletableFuture<Answer> start = daemon.asking(starting(Specs.of("api")));
        assertEquals(List.of("api:0 stopping"), daemon.states());
        process.exit(0);

        assertEquals(List.of("api:0 started"), outcomes((Answer.Changed) start.get(20, TimeUnit.SECONDS)));
        assertTrue(((Answer.Changed) stop.get(20, TimeUnit.SECONDS)).succeeded());
        assertEquals(2, daemon.platform().processes().plans().size());
        assertEquals(List.of("api:0 online"), daemon.states());
    }

    @Test
    void stop_duringStart_endsTheWaitOfTheStart() throws Exception {
        daemon.platform().processes().holdSpawns();
        CompletableFuture<Answer> start = daemon.asking(starting(Specs.of("api")));
        daemon.event("api:0", "starting");

        CompletableFuture<Answer> stop = daemon.asking(new Command.Stop(named("api")));
        daemon.event("api:0", "stopping");
        daemon.platform().processes().heldSpawns().getFirst().succeed();

        assertTrue(((Answer.Changed) stop.get(20, TimeUnit.SECONDS)).succeeded());
        assertEquals(List.of("api:0 another command stopped it meanwhile"), outcomes((Answer.Changed)
                start.get(20, TimeUnit.SECONDS)));
    }

    @Test
    void restart_ofStoppedApp_startsItOnce() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.change(new Command.Stop(named("api")));

        Answer.Changed changed = daemon.change(restarting("api"));

        assertEquals(List.of("api:0 restarted"), outcomes(changed));
        assertEquals(2, daemon.platform().processes().plans().size());
    }

    @Test
    void reload_replacesInstancesOneAfterTheOther() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of())));

        Answer.Changed changed = daemon.change(new Command.Reload(named("api")));

        assertEquals(List.of("api:0 reloaded", "api:1 reloaded"), outcomes(changed));
        assertEquals(
                List.of("api:0", "api:1"),
                daemon.platform().processes().plans().subList(2, 4).stream()
                        .map(plan -> plan.key().instance())
                        .toList());
    }

    @Test
    void restart_withEnvironment_runsInItFromThenOn() throws Exception {
        daemon.change(starting(Specs.of("api")));

        daemon.change(restarting("api").inEnvironment(Map.of("COLOUR", "blue")));

        Map<String, String> environment =
                daemon.platform().processes().plans().getLast().environment();
        assertEquals("blue", environment.get("COLOUR"));
        assertEquals("3000", environment.get("PORT"));
        assertFalse(environment.containsKey("HOME"));
    }

    @Test
    void delete_leavesNothing() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of()), Specs.of("worker")));

        assertEquals(
                List.of("api:0 deleted", "api:1 deleted"), outcomes(daemon.change(new Command.Delete(named("api")))));

        assertEquals(List.of("worker:0 online"), daemon.states());
        assertEquals(List.of("worker"), List.copyOf(saved().apps().keySet()));
        try (var files = Files.list(home.resolve("run"))) {
            assertEquals(
                    List.of(),
                    files.filter(file -> String.valueOf(file.getFileName()).contains("api"))
                            .toList());
        }
        assertEquals(List.of("api:0 started"), outcomes(daemon.change(starting(Specs.of("api")))));
        assertEquals(3, daemon.status().instances().getLast().id(), "an id is never given twice");
    }

    @Test
    void unknownWord_isRefusedWithAHintAndChangesNothing() throws Exception {
        daemon.change(starting(Specs.of("api")));

        Answer.Refused refused = daemon.refused(new Command.Stop(named("api", "apj")));

        assertEquals(ErrorCode.UNKNOWN_APP, refused.code());
        assertEquals("no app is called 'apj'", refused.detail());
        assertEquals(Optional.of("did you mean 'api'?"), refused.hint());
        assertEquals(
                "no app has the id 7",
                daemon.refused(new Command.Delete(named("7"))).detail());
        assertEquals(List.of("api:0 online"), daemon.states());
    }

    @Test
    void selection_byIdInstanceNameSeveralAndAll() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of()), Specs.of("worker"), Specs.of("cron")));

        assertEquals(List.of("api:1 stopped"), outcomes(daemon.change(new Command.Stop(named("api:1")))));
        assertEquals(List.of("worker:0 stopped"), outcomes(daemon.change(new Command.Stop(named("2")))));
        assertEquals(
                List.of("api:0 stopped", "api:1 was not running", "cron:0 stopped"),
                outcomes(daemon.change(new Command.Stop(named("cron", "api", "api:0")))));
        assertEquals(
                4,
                daemon.change(new Command.StartKnown(new Selection.All(), true))
                        .results()
                        .size());
    }

    @Test
    void unwritableState_refusesAndStartsNothing() throws Exception {
        Files.writeString(home.resolve("state"), "in the way");

        Answer.Refused refused = daemon.refused(starting(Specs.of("api")));

        assertTrue(refused.detail().startsWith("the change could not be saved, so nothing was changed: "));
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.platform().processes().plans());
        Files.delete(home.resolve("state"));
        assertTrue(daemon.change(starting(Specs.of("api"))).succeeded());
    }

    @Test
    void kill_stopsAllAndChangesNoWish() throws Exception {
        daemon.change(starting(Specs.of("api"), Specs.of("worker")));
        DesiredState before = saved();

        Answer.Changed changed = daemon.change(new Command.Kill());

        assertEquals(List.of("api:0 stopped", "worker:0 stopped"), outcomes(changed));
        assertEquals(before, saved());
        assertTrue(daemon.ended());
    }

    @Test
    void nextDaemon_startsWhatWasWantedAndNothingElse() throws Exception {
        daemon.change(starting(
                Specs.of("api", 1, List.of(on("db", Dependency.Condition.READY))),
                Specs.of("db"),
                Specs.of("manual", 1, List.of(), Limits.NONE, false),
                Specs.of("idle")));
        daemon.change(new Command.Stop(named("idle")));
        daemon.change(new Command.Kill());

        daemon = daemon.successor();

        daemon.event("api:0", "became_ready");
        assertEquals(List.of("api:0 online", "db:0 online", "manual:0 stopped", "idle:0 stopped"), daemon.states());
    }

    @Test
    void nextDaemon_adoptsWhatRuns() throws Exception {
        daemon.change(starting(Specs.of("api")));
        long pid = daemon.only().pid().orElseThrow();

        daemon = daemon.successor();

        daemon.event("api:0", "adopted");
        assertEquals(pid, daemon.only().pid().orElseThrow());
        assertEquals(List.of(), daemon.platform().processes().plans());
        daemon.change(new Command.Stop(named("api")));
        assertEquals(List.of("api:0 stopped"), daemon.states());
    }

    @Test
    void deletedState_isWrittenAgainForTheNextDaemon() throws Exception {
        daemon.change(starting(Specs.of("api")));
        Files.delete(home.resolve("state/desired.json"));
        long pid = daemon.only().pid().orElseThrow();

        daemon = daemon.successor();

        assertEquals(pid, daemon.only().pid().orElseThrow());
        assertEquals(List.of(), daemon.status().warnings());
    }

    @Test
    void processesOfALostState_areNamedTakenOverOrEnded() throws Exception {
        daemon.change(starting(Specs.of("api"), Specs.of("worker")));
        Files.writeString(
                home.resolve("state/desired.json"), "{\"version\":1,\"next_id\":0,\"boot_id\":\"\",\"apps\":[]}");

        daemon = daemon.successor();

        String warning = daemon.status().warnings().getFirst();
        assertTrue(warning.contains("which run on: api:0, worker:0"), warning);
        assertEquals(List.of("api:0 already running"), outcomes(daemon.change(starting(Specs.of("api")))));
        assertTrue(daemon.status().warnings().getFirst().contains("run on: worker:0"));
        daemon.change(new Command.Kill());
        assertTrue(daemon.platform().processes().all().stream().noneMatch(FakeProcess::running));
    }

    @Test
    void corruptState_isSaidInStatus() throws Exception {
        daemon.close();
        Files.createDirectories(home.resolve("state"));
        Files.writeString(home.resolve("state/desired.json"), "{\"version\":1");

        daemon = TestDaemon.start(home, new FakePlatform());

        String warning = daemon.status().warnings().getFirst();
        assertTrue(warning.startsWith("The saved apps could not be read ("), warning);
        assertTrue(warning.contains("desired.json.corrupt-"), warning);
    }

    @Test
    void status_samplesOnlyWhenAsked() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        int samples = daemon.platform().sampler().samples();
        FakeProcess process = daemon.platform().processes().running("api:0");
        daemon.platform().sampler().set(process.identity(), new Usage(0, 4096, 1));

        InstanceStatus status = daemon.only();

        assertEquals(4096, status.memoryBytes().orElseThrow());
        assertEquals(0.0, status.cpuPercent().orElseThrow());
        assertEquals(samples + 1, daemon.platform().sampler().samples());
    }

    @Test
    void describe_hidesSecrets() throws Exception {
        daemon.change(starting(Specs.of("api")));

        Answer.Description description = (Answer.Description) daemon.ask(new Command.Describe(named("api")));

        Map<String, String> shown = description.apps().getFirst().spec().environment();
        assertEquals(EnvironmentMask.MASK, shown.get("DB_PASSWORD"));
        assertEquals("3000", shown.get("PORT"));
    }

    @Test
    void limitsNotEnforced_areSaidAndStrictOnesRefused() throws Exception {
        Limits limits = limits(false);

        Answer.Changed changed = daemon.change(starting(Specs.of("api", 1, List.of(), limits, true)));

        assertEquals(List.of("api: not enforced here: max_memory, only sampled"), changed.warnings());
        Answer.Refused refused = daemon.refused(starting(Specs.of("strict", 1, List.of(), limits(true), true)));
        assertEquals(ErrorCode.UNSUPPORTED, refused.code());
        assertEquals(List.of("api:0 online"), daemon.states());
    }

    private static Limits limits(boolean strict) {
        return new Limits(
                Optional.of(1L << 30),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                strict,
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Map.of());
    }

    @Test
    void crash_isRestartedAndCounted_andResetSetsItBack() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.forgetEvents();

        daemon.platform().processes().running("api:0").exit(new ExitStatus.Killed(Signal.SEGV, false));
        daemon.event("api:0", "became_ready");

        assertEquals(1, daemon.only().restarts());
        assertEquals(List.of("api:0 reset"), outcomes(daemon.change(new Command.Reset(named("api")))));
        assertEquals(0, daemon.only().restarts());
    }

    @Test
    void manyCommandsAtOnce_areAllAnswered() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            String app = "app" + random.nextInt(5);
            answers.add(daemon.asking(
                    switch (random.nextInt(6)) {
                        case 0 -> starting(Specs.of(app, 1 + random.nextInt(3), List.of()));
                        case 1 -> new Command.Stop(named(app));
                        case 2 -> restarting(app);
                        case 3 -> new Command.Delete(named(app));
                        case 4 -> new Command.StartKnown(new Selection.All(), random.nextBoolean());
                        default -> new Command.Status(new Selection.All());
                    }));
        }
        for (CompletableFuture<Answer> answer : answers) {
            Answer done = answer.get(60, TimeUnit.SECONDS);
            assertFalse(
                    done instanceof Answer.Refused refused && refused.code() == ErrorCode.INTERNAL,
                    "seed " + seed + ": " + done);
        }
        daemon.change(new Command.Delete(new Selection.All()));
        assertEquals(List.of(), daemon.states(), "seed " + seed);
        assertTrue(daemon.platform().processes().all().stream().noneMatch(FakeProcess::running), "seed " + seed);
    }
}
