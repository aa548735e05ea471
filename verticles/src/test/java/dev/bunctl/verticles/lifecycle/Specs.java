package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.CronRestart;
import dev.bunctl.conf.HealthCheck;
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
import java.util.Set;

/** Specifications for tests. */
public record Specs(
        RestartPolicy restart,
        StopPolicy stop,
        Readiness readiness,
        Optional<HealthCheck> health,
        Limits limits,
        Optional<CronRestart> cron) {
    public static final Specs DEFAULT = new Specs(
            RestartPolicy.DEFAULT,
            StopPolicy.DEFAULT,
            Readiness.DEFAULT,
            Optional.empty(),
            Limits.NONE,
            Optional.empty());

    public static RestartPolicy policy(RestartPolicy.Mode mode) {
        return policy(mode, 16, RestartPolicy.Backoff.DEFAULT);
    }

    public static RestartPolicy policy(RestartPolicy.Mode mode, int maxRestarts, RestartPolicy.Backoff backoff) {
        return new RestartPolicy(
                mode,
                maxRestarts,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ZERO,
                backoff,
                Set.of(0),
                Set.of("SIGTERM"),
                Set.of(7),
                Set.of("SIGQUIT"),
                RestartPolicy.Exhausted.STOP);
    }

    public static RestartPolicy.Backoff noWait() {
        return new RestartPolicy.Backoff(Duration.ZERO, 1, Duration.ZERO, 0);
    }

    public Specs with(RestartPolicy other) {
        return new Specs(other, stop, readiness, health, limits, cron);
    }

    public Specs with(StopPolicy other) {
        return new Specs(restart, other, readiness, health, limits, cron);
    }

    public Specs with(Readiness other) {
        return new Specs(restart, stop, other, health, limits, cron);
    }

    public Specs with(HealthCheck other) {
        return new Specs(restart, stop, readiness, Optional.of(other), limits, cron);
    }

    public Specs with(Limits other) {
        return new Specs(restart, stop, readiness, health, other, cron);
    }

    public Specs with(CronRestart other) {
        return new Specs(restart, stop, readiness, health, limits, Optional.of(other));
    }

    public AppSpec spec() {
        return new AppSpec(
                new AppName("api"),
                "default",
                new Program(Path.of("/usr/bin/bun"), List.of("bun", "api.ts"), "api.ts", Program.Engine.BUN),
                Path.of("/app"),
                Map.of("PORT", "3000"),
                Map.of("PATH", "/usr/bin", "PORT", "1"),
                022,
                Instances.ONE,
                true,
                restart,
                stop,
                readiness,
                health,
                limits,
                Optional.empty(),
                LogPolicy.DEFAULT,
                List.of(),
                cron,
                Optional.empty());
    }
}
