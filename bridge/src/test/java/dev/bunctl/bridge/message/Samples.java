package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Values for tests. */
public final class Samples {
    private Samples() {}

    public static AppSpec spec(String name) {
        return new AppSpec(
                new AppName(name),
                "default",
                new Program(Path.of("/usr/bin/bun"), List.of("bun", "run", "a b.ts"), "a b.ts", Program.Engine.BUN),
                Path.of("/app"),
                Map.of("PORT", "3000", "TOKEN", "secret"),
                Map.of("PATH", "/usr/bin", "AWS_SECRET", "inherited"),
                0022,
                new Instances(2, Instances.DEFAULT_VARIABLE),
                true,
                RestartPolicy.DEFAULT,
                StopPolicy.DEFAULT,
                Readiness.DEFAULT,
                Optional.empty(),
                Limits.NONE,
                Optional.empty(),
                LogPolicy.DEFAULT,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    public static InstanceStatus online(int id, String name, int instance) {
        return new InstanceStatus(
                id,
                name,
                instance,
                "default",
                OptionalLong.of(4242),
                InstanceStatus.State.ONLINE,
                1,
                0,
                1234,
                Optional.of(0.1),
                OptionalLong.of(28_311_552),
                OptionalInt.empty(),
                "up",
                "/home/u/.bunctl/logs/" + name + "-out.log",
                "/home/u/.bunctl/logs/" + name + "-error.log");
    }

    public static InstanceStatus errored(int id, String name, int instance) {
        return new InstanceStatus(
                id,
                name,
                instance,
                "default",
                OptionalLong.empty(),
                InstanceStatus.State.ERRORED,
                17,
                16,
                0,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.of(1),
                "gave up after 16 restarts",
                "",
                "");
    }

    public static Accounting accounting(String instance) {
        return new Accounting(
                instance,
                Duration.ofMillis(61_500),
                30 << 20,
                4,
                Optional.of(new Accounting.Held(
                        Duration.ofMillis(2_500),
                        OptionalLong.of(20 << 20),
                        OptionalLong.of(90 << 20),
                        12.5,
                        0.5,
                        0.0)));
    }

    public static Accounting sampled(String instance) {
        return new Accounting(instance, Duration.ofMillis(1_500), 10 << 20, 1, Optional.empty());
    }

    public static CrashRecord crash() {
        return new CrashRecord(
                Instant.parse("2026-01-31T08:00:00.123Z"),
                "api:0",
                3,
                4242,
                CrashRecord.Kind.CODE,
                "exit code 1",
                OptionalInt.of(1),
                Optional.empty(),
                Duration.ofMillis(1500),
                "started again in 100 ms",
                List.of("Error: boom", "\u001b[31mred\u001b[0m"));
    }

    public static CrashRecord killed() {
        return new CrashRecord(
                Instant.parse("2026-01-31T08:00:01Z"),
                "api:1",
                4,
                4243,
                CrashRecord.Kind.USER,
                "restarted by user, signal SIGINT",
                OptionalInt.empty(),
                Optional.of("SIGINT"),
                Duration.ofMinutes(3),
                "starts again",
                List.of());
    }
}
