package dev.bunctl.verticles.state;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Specifications for tests. */
public final class Specs {
    private Specs() {}

    public static AppSpec of(String name) {
        return of(name, 1, List.of());
    }

    public static AppSpec of(String name, int instances, List<Dependency> dependencies) {
        return of(name, instances, dependencies, Limits.NONE, true);
    }

    public static AppSpec of(String name, RestartPolicy restart) {
        return of(name, 1, List.of(), Limits.NONE, true, restart);
    }

    /** One that is not started again whatever happens. */
    public static AppSpec once(String name) {
        return of(name, RestartPolicy.DEFAULT.with(RestartPolicy.Mode.NO));
    }

    public static AppSpec of(
            String name, int instances, List<Dependency> dependencies, Limits limits, boolean autoStart) {
        return of(name, instances, dependencies, limits, autoStart, RestartPolicy.DEFAULT);
    }

    private static AppSpec of(
            String name,
            int instances,
            List<Dependency> dependencies,
            Limits limits,
            boolean autoStart,
            RestartPolicy restart) {
        return new AppSpec(
                new AppName(name),
                "default",
                new Program(Path.of("/bin/sleep"), List.of("sleep", "1000"), "sleep", Program.Engine.OTHER),
                Path.of("/"),
                Map.of("PORT", "3000", "DB_PASSWORD", "hunter2"),
                Map.of("HOME", "/nowhere"),
                0022,
                new Instances(instances, Instances.DEFAULT_VARIABLE),
                autoStart,
                restart,
                StopPolicy.DEFAULT,
                new Readiness(new Readiness.Alive(Duration.ofMillis(1)), Duration.ofSeconds(30), false),
                Optional.empty(),
                limits,
                Optional.empty(),
                LogPolicy.DEFAULT,
                dependencies,
                Optional.empty(),
                Optional.empty());
    }
}
