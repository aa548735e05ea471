package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.HostCapability;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.LimitChanges.Wish;
import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.Capabilities.Capability;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessSampler.Usage;
import dev.bunctl.os.api.Processes.Account;
import dev.bunctl.os.api.Processes.MemoryAccount;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Specs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Limits that change while apps run, and what is said of them. */
class LimitCommandsTest extends ControlTest {
    private static final Limits MEMORY = limits(Optional.of(1L << 30), false);

    private static Limits limits(Optional<Long> maxMemory, boolean strict) {
        return new Limits(
                maxMemory,
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
    void stop_saysNothingOfLimitsThatDoNotHold() throws Exception {
        daemon.change(starting(Specs.of("api", 1, List.of(), MEMORY, true)));
        daemon.platform().processes().running("api:0").diesOf(Signal.INT);
        assertEquals(List.of(), daemon.change(new Command.Stop(named("api"))).warnings());
    }

    @Test
    void limitsNotEnforced_areSaidByStatusAndDescribeToo() throws Exception {
        daemon.change(starting(Specs.of("api", 1, List.of(), MEMORY, true)));
        assertTrue(daemon.status().warnings().getFirst().startsWith("api: not enforced here: "));
        Answer.Description description = (Answer.Description) daemon.ask(new Command.Describe(named("api")));
        assertEquals(daemon.status().warnings(), description.warnings());
    }

    @Test
    void status_saysWhatTheHostCanDo_withCauses() throws Exception {
        daemon.platform()
                .setCapabilities(
                        new Capabilities(List.of(new Capability("limits.memory", false, "no cgroup v2 tree"))));
        assertEquals(
                List.of(new HostCapability("limits.memory", false, "no cgroup v2 tree")),
                daemon.status().capabilities());
    }

    private static Command.SetLimits maxPids(int count, String... words) {
        Wish<Long> keep = new Wish.Keep<>();
        return new Command.SetLimits(
                named(words),
                new LimitChanges(keep, keep, new Wish.Keep<>(), new Wish.Keep<>(), new Wish.Become<>(count)));
    }

    @Test
    void setLimits_ofOneInstance_changesEveryRunningOneOfTheAppAndIsSaved() throws Exception {
        daemon.change(starting(Specs.of("api", 2, List.of()), Specs.of("other")));
        assertEquals(
                List.of("api:0 limits changed", "api:1 limits changed"), outcomes(daemon.change(maxPids(7, "api:1"))));
        // Instances are limited side by side: the answer has an order, what is done to the processes has none.
        assertEquals(
                Set.of("api:0", "api:1"),
                daemon.platform().processes().limited().stream()
                        .map(limited -> limited.key().instance())
                        .collect(Collectors.toSet()));
        assertEquals(2, daemon.platform().processes().limited().size());
        AppSpec spec = saved().find("api").orElseThrow().spec();
        assertEquals(OptionalInt.of(7), spec.limits().maxProcesses());
        assertEquals(3, daemon.platform().processes().plans().size());
    }

    @Test
    void setLimits_ofAStoppedApp_isForItsNextStart() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.platform().processes().running("api:0").diesOf(Signal.INT);
        daemon.change(new Command.Stop(named("api")));
        assertEquals(List.of("api:0 limits changed, for its next start"), outcomes(daemon.change(maxPids(7, "api"))));
        assertEquals(List.of("api:0 stopped"), daemon.states());
        daemon.change(new Command.StartKnown(named("api"), true));
        var plan = daemon.platform().processes().plans().getLast();
        assertEquals(OptionalInt.of(7), plan.containment().orElseThrow().maxProcesses());
    }

    @Test
    void start_ofARunningAppWhoseValuesStandElsewhereNow_leavesItAlone() throws Exception {
        AppSpec spec = Specs.of("api");
        daemon.change(starting(spec.withSources(Map.of("name", "bunctl.json:1:1"))));
        Answer.Changed again = daemon.change(starting(spec.withSources(Map.of("name", "bunctl.json:2:1"))));
        assertEquals(List.of("api:0 already running"), outcomes(again));
        assertEquals(1, daemon.platform().processes().plans().size());
        assertEquals(
                Map.of("name", "bunctl.json:2:1"),
                saved().find("api").orElseThrow().spec().sources());
    }

    @Test
    void setLimits_refusedByTheHost_isSaid() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.platform().processes().refuseLimits(new NativeException("write", 13, "pids.max: EACCES"));
        Answer.Changed changed = daemon.change(maxPids(7, "api"));
        assertFalse(changed.succeeded());
        assertTrue(changed.results().getFirst().outcome().contains("pids.max"), changed.toString());
    }

    @Test
    void setLimits_ofAStrictAppThatCannotHaveThem_changesNothing() throws Exception {
        daemon.change(starting(Specs.of("api", 1, List.of(), limits(Optional.empty(), true), true)));
        DesiredState before = saved();
        assertEquals(ErrorCode.UNSUPPORTED, daemon.refused(maxPids(7, "api")).code());
        assertEquals(before, saved());
        assertEquals(ErrorCode.UNKNOWN_APP, daemon.refused(maxPids(7, "nobody")).code());
    }

    @Test
    void start_ofARunningAppWithOtherLimits_changesThemAtOnce() throws Exception {
        daemon.change(starting(Specs.of("api")));
        assertEquals(
                List.of("api:0 already running; its limits were changed"),
                outcomes(daemon.change(starting(Specs.of("api", 1, List.of(), MEMORY, true)))));
        assertEquals(1, daemon.platform().processes().limited().size());
    }

    @Test
    void start_ofARunningAppWithLimitsThatTheHostRefuses_saysSo() throws Exception {
        daemon.change(starting(Specs.of("api")));
        daemon.platform().processes().refuseLimits(new NativeException("write", 13, "memory.max: EACCES"));
        Answer.Changed changed = daemon.change(starting(Specs.of("api", 1, List.of(), MEMORY, true)));
        assertFalse(changed.succeeded());
        assertTrue(changed.results().getFirst().outcome().contains("memory.max"), changed.toString());
        assertEquals(List.of("api:0 online"), daemon.states());
    }

    @Test
    void describe_tellsWhatTheTreeUsed() throws Exception {
        daemon.change(starting(Specs.of("api")));
        FakeProcess process = daemon.platform().processes().running("api:0");
        daemon.platform().sampler().set(process.identity(), new Usage(5_000_000, 4096, 3));
        assertEquals(List.of(new Accounting("api:0", Duration.ofMillis(5), 4096, 3, Optional.empty())), usageOfApi());
        daemon.platform()
                .processes()
                .account(
                        process.key(),
                        new Account(
                                9_000_000,
                                1_000_000,
                                Optional.of(new MemoryAccount(8192, 2048, OptionalLong.of(9999))),
                                OptionalInt.of(5),
                                1.5,
                                2.5,
                                3.5));
        Accounting.Held held =
                new Accounting.Held(Duration.ofMillis(1), OptionalLong.of(2048), OptionalLong.of(9999), 1.5, 2.5, 3.5);
        assertEquals(List.of(new Accounting("api:0", Duration.ofMillis(9), 8192, 5, Optional.of(held))), usageOfApi());
    }

    private List<Accounting> usageOfApi() throws Exception {
        return ((Answer.Description) daemon.ask(new Command.Describe(named("api"))))
                .apps()
                .getFirst()
                .usage();
    }
}
