package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.Readiness;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.lifecycle.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpawnPlannerTest {
    private static final ProcessKey KEY = new ProcessKey("api:2", 1);

    private final FakePlatform platform = new FakePlatform();
    private final SpawnPlanner planner = new SpawnPlanner(platform);

    @TempDir
    private Path run;

    @TempDir
    private Path open;

    private SpawnPlanner preloading() {
        return new SpawnPlanner(platform, Preload.install(run, () -> open));
    }

    private static SpawnPlan plan(SpawnPlanner planner, AppSpec spec) throws NativeException {
        return planner.plan(spec, 2, KEY, Map.of());
    }

    private static AppSpec with(AppSpec spec, Instances instances) {
        return new AppSpec(
                spec.name(),
                spec.namespace(),
                spec.program(),
                spec.directory(),
                spec.environment(),
                spec.inheritedEnvironment(),
                spec.umask(),
                instances,
                spec.autoStart(),
                spec.restart(),
                spec.stop(),
                spec.readiness(),
                spec.health(),
                spec.limits(),
                spec.user(),
                spec.logs(),
                spec.dependencies(),
                spec.cronRestart(),
                spec.watch());
    }

    private static AppSpec inheriting(AppSpec spec, Map<String, String> environment) {
        return new AppSpec(
                spec.name(),
                spec.namespace(),
                spec.program(),
                spec.directory(),
                spec.environment(),
                environment,
                spec.umask(),
                spec.instances(),
                spec.autoStart(),
                spec.restart(),
                spec.stop(),
                spec.readiness(),
                spec.health(),
                spec.limits(),
                spec.user(),
                spec.logs(),
                spec.dependencies(),
                spec.cronRestart(),
                spec.watch());
    }

    private static Limits memory(boolean strict) {
        return new Limits(
                Optional.of(1L << 20),
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
    void environment_isTheStartersThenTheAppsThenOurs() throws NativeException {
        Map<String, String> environment = plan(planner, Specs.DEFAULT.spec()).environment();
        assertEquals(
                Map.of(
                        "PATH", "/usr/bin",
                        "PORT", "3000",
                        "NODE_APP_INSTANCE", "2",
                        "BUNCTL_APP", "api",
                        "BUNCTL_INSTANCE", "2"),
                environment);
    }

    @Test
    void bunWithSharedPorts_getsThePreloadBeforeItsOwnArguments() throws NativeException {
        var plan = plan(preloading(), Specs.DEFAULT.spec());
        assertEquals(List.of("bun", "--preload", run.resolve("preload.cjs").toString(), "api.ts"), plan.argv());
        assertEquals("1", plan.environment().get("BUNCTL_SHARE_PORT"));
    }

    @Test
    void appThatSharesNoPorts_runsAsItIs() throws NativeException {
        AppSpec alone = with(Specs.DEFAULT.spec(), new Instances(1, "NUMBER", Optional.empty(), false));
        var plan = plan(preloading(), alone);
        assertEquals(List.of("bun", "api.ts"), plan.argv());
        assertTrue(!plan.environment().containsKey("BUNCTL_SHARE_PORT"));
    }

    @Test
    void preload_isLaidDownWholeAndReplacedWhenItDiffers() throws IOException {
        Preload preload = Preload.install(run, () -> open);
        Path file = preload.script(false).orElseThrow();
        String script = Files.readString(file);
        assertTrue(script.contains("BUNCTL_SHARE_PORT"));
        Path _ = Files.writeString(file, "old");
        assertEquals(Optional.of(file), Preload.install(run, () -> open).script(false));
        assertEquals(script, Files.readString(file));
        assertTrue(Preload.install(run.resolve("missing"), () -> open)
                .script(false)
                .isEmpty());
    }

    @Test
    void preloadForOtherUsers_liesWhereTheyCanReadIt_fromTheFirstOfThemOn() throws IOException {
        Preload preload = Preload.install(run, () -> open);
        Path script = open.resolve("preload.cjs");
        assertTrue(Files.notExists(script));
        assertEquals(Optional.of(script), preload.script(true));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(script)));
    }

    @Test
    void appThatSpeaksAndSharesNoPorts_getsThePreloadForItsMessagesAlone() throws NativeException {
        AppSpec spec = with(
                Specs.DEFAULT
                        .with(new Readiness(new Readiness.Message(), Duration.ofSeconds(3), false))
                        .spec(),
                new Instances(1, "NUMBER", Optional.empty(), false));
        SpawnPlan plan = preloading().plan(spec, 0, KEY, Map.of("BUNCTL_NOTIFY", "/run/x.msg"));
        assertTrue(plan.argv().contains("--preload"), plan.argv().toString());
        assertEquals("/run/x.msg", plan.environment().get("BUNCTL_NOTIFY"));
        assertTrue(!plan.environment().containsKey("BUNCTL_SHARE_PORT"));
    }

    @Test
    void startersOwnSupervisor_isNotTheApps() throws NativeException {
        AppSpec spec = inheriting(
                Specs.DEFAULT.spec(),
                Map.of(
                        "PATH", "/bin",
                        "NOTIFY_SOCKET", "/run/systemd/notify",
                        "WATCHDOG_USEC", "1",
                        "WATCHDOG_PID", "1",
                        "BUNCTL_NOTIFY", "/other"));
        assertEquals(
                Set.of("PATH", "PORT", "NODE_APP_INSTANCE", "BUNCTL_APP", "BUNCTL_INSTANCE"),
                plan(planner, spec).environment().keySet());
    }

    @Test
    void incrementVariable_growsWithTheInstance() throws NativeException {
        AppSpec spec = with(Specs.DEFAULT.spec(), new Instances(3, "NUMBER", Optional.of("PORT"), true));
        Map<String, String> environment = plan(planner, spec).environment();
        assertEquals("3002", environment.get("PORT"));
        assertEquals("2", environment.get("NUMBER"));
    }

    @Test
    void incrementVariableWithoutANumber_isRefusedByName() {
        AppSpec spec = with(Specs.DEFAULT.spec(), new Instances(3, "NUMBER", Optional.of("PATH"), true));
        NativeException refused = assertThrows(NativeException.class, () -> plan(planner, spec));
        assertTrue(refused.detail().contains("PATH"), refused.detail());
    }

    @Test
    void strictLimitThatCannotBeEnforced_isRefusedWithTheCause() {
        platform.setCapabilities(
                new Capabilities(List.of(new Capabilities.Capability("limits.memory", false, "no writable cgroup"))));
        NativeException refused = assertThrows(
                NativeException.class,
                () -> plan(planner, Specs.DEFAULT.with(memory(true)).spec()));
        assertTrue(refused.detail().contains("no writable cgroup"), refused.detail());
    }

    @Test
    void limit_isPlannedAlsoWhereItMayNotBeEnforced() throws NativeException {
        var plan = plan(planner, Specs.DEFAULT.with(memory(false)).spec());
        assertEquals(Optional.of(1L << 20), plan.containment().orElseThrow().maxMemoryBytes());
    }

    @Test
    void softLimits_areTheStartersUnlessDeclared() throws NativeException {
        Limits limits = new Limits(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                List.of(new Limits.Resource("core", 5, 6)),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Map.of("core", 0L, "nofile", 1024L));
        assertEquals(
                List.of(
                        new SpawnPlan.ResourceLimit("core", 5, 6),
                        new SpawnPlan.ResourceLimit("nofile", 1024, SpawnPlan.ResourceLimit.KEPT)),
                plan(planner, Specs.DEFAULT.with(limits).spec()).limits());
    }

    @Test
    void noLimitWhereNothingCanBeLimited_needsNoContainment() throws NativeException {
        assertTrue(plan(planner, Specs.DEFAULT.spec()).containment().isEmpty());
    }
}
