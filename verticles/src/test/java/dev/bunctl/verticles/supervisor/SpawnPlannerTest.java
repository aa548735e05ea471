package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.lifecycle.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class SpawnPlannerTest {
    private static final ProcessKey KEY = new ProcessKey("api:2", 1);

    private final FakePlatform platform = new FakePlatform();
    private final SpawnPlanner planner = new SpawnPlanner(platform);

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
                OptionalInt.empty());
    }

    @Test
    void environment_isTheStartersThenTheAppsThenOurs() throws NativeException {
        Map<String, String> environment =
                planner.plan(Specs.DEFAULT.spec(), 2, KEY).environment();
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
    void incrementVariable_growsWithTheInstance() throws NativeException {
        AppSpec spec = with(Specs.DEFAULT.spec(), new Instances(3, "NUMBER", Optional.of("PORT"), true));
        Map<String, String> environment = planner.plan(spec, 2, KEY).environment();
        assertEquals("3002", environment.get("PORT"));
        assertEquals("2", environment.get("NUMBER"));
    }

    @Test
    void incrementVariableWithoutANumber_isRefusedByName() {
        AppSpec spec = with(Specs.DEFAULT.spec(), new Instances(3, "NUMBER", Optional.of("PATH"), true));
        NativeException refused = assertThrows(NativeException.class, () -> planner.plan(spec, 2, KEY));
        assertTrue(refused.detail().contains("PATH"), refused.detail());
    }

    @Test
    void strictLimitThatCannotBeEnforced_isRefusedWithTheCause() {
        platform.setCapabilities(
                new Capabilities(List.of(new Capabilities.Capability("limits.memory", false, "no writable cgroup"))));
        NativeException refused = assertThrows(
                NativeException.class,
                () -> planner.plan(Specs.DEFAULT.with(memory(true)).spec(), 0, KEY));
        assertTrue(refused.detail().contains("no writable cgroup"), refused.detail());
    }

    @Test
    void limit_isPlannedAlsoWhereItMayNotBeEnforced() throws NativeException {
        var plan = planner.plan(Specs.DEFAULT.with(memory(false)).spec(), 0, KEY);
        assertEquals(Optional.of(1L << 20), plan.containment().orElseThrow().maxMemoryBytes());
    }

    @Test
    void noLimitWhereNothingCanBeLimited_needsNoContainment() throws NativeException {
        assertTrue(planner.plan(Specs.DEFAULT.spec(), 0, KEY).containment().isEmpty());
    }
}
