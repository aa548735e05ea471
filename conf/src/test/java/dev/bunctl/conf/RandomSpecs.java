package dev.bunctl.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Specifications with every part drawn at random, for round trips. */
public final class RandomSpecs {
    private final Random random;

    public RandomSpecs(long seed) {
        this.random = new Random(seed);
    }

    public AppSpec next() {
        return new AppSpec(
                new AppName("app-" + text()),
                text(),
                new Program(path(), some(list(String::valueOf)), text(), one(Program.Engine.values())),
                path(),
                environment(),
                environment(),
                random.nextInt(01000),
                new Instances(1 + random.nextInt(Instances.MAX), text(), maybe(text()), random.nextBoolean()),
                random.nextBoolean(),
                restart(),
                new StopPolicy(text(), time(), random.nextBoolean(), one(StopPolicy.KillMode.values())),
                new Readiness(sign(), time(), random.nextBoolean()),
                maybe(new HealthCheck(probe(), time(), time(), random.nextInt(100), time())),
                limits(),
                maybe(new RunAs(text(), maybe(text()), random.nextBoolean(), list(text -> text))),
                logs(),
                list(text -> new Dependency(new AppName("d" + text), one(Dependency.Condition.values()))),
                maybe(new CronRestart(text(), ZoneId.of(random.nextBoolean() ? "UTC" : "Europe/Vienna"))),
                maybe(new WatchPolicy(list(text -> path()), list(text -> text), time(), random.nextBoolean())),
                environment());
    }

    private RestartPolicy restart() {
        Duration initial = time();
        return new RestartPolicy(
                one(RestartPolicy.Mode.values()),
                random.nextInt(100) - 1,
                time(),
                time(),
                time(),
                new RestartPolicy.Backoff(
                        initial, 1 + random.nextDouble() * 99, initial.plus(time()), random.nextDouble()),
                numbers(),
                Set.of("SIG" + text()),
                numbers(),
                Set.of(),
                one(RestartPolicy.Exhausted.values()));
    }

    private Readiness.Sign sign() {
        return switch (random.nextInt(6)) {
            case 0 -> new Readiness.Alive(time());
            case 1 -> new Readiness.Message();
            case 2 -> new Readiness.Port(text(), random.nextInt(65536));
            case 3 -> new Readiness.Http(text());
            case 4 -> new Readiness.LogLine(text());
            default -> new Readiness.Notify();
        };
    }

    private HealthCheck.Probe probe() {
        return switch (random.nextInt(3)) {
            case 0 -> new HealthCheck.Http(text(), environment(), maybe(random.nextInt(600)), maybe(text()));
            case 1 -> new HealthCheck.Tcp(text(), random.nextInt(65536));
            default -> new HealthCheck.Exec(list(text -> text));
        };
    }

    private Limits limits() {
        return new Limits(
                maybe(random.nextLong(1, 1L << 50)),
                maybe(random.nextLong(1, 1L << 50)),
                maybe(random.nextDouble(0.5, 6400)),
                maybeUpTo(Limits.MAX_CPU_WEIGHT),
                maybeUpTo(Limits.MAX_PROCESSES),
                random.nextBoolean(),
                list(text -> new Limits.Resource(text, random.nextLong(), -1)),
                maybeNumber(),
                maybeNumber(),
                Map.of("nofile", random.nextLong(), "core", -1L));
    }

    private OptionalInt maybeUpTo(int most) {
        return random.nextBoolean() ? OptionalInt.of(random.nextInt(1, most + 1)) : OptionalInt.empty();
    }

    private LogPolicy logs() {
        return new LogPolicy(
                target(),
                target(),
                maybe(path()),
                random.nextBoolean(),
                switch (random.nextInt(4)) {
                    case 0 -> new LogPolicy.Raw();
                    case 2 -> new LogPolicy.Prefixed(random.nextInt(200));
                    case 1 -> new LogPolicy.Timestamped(text());
                    default -> new LogPolicy.JsonLines();
                },
                random.nextInt(1 << 24),
                one(LogPolicy.WhenFull.values()),
                maybe(time()),
                new LogPolicy.Rotation(
                        random.nextLong(1L << 40),
                        maybe(time()),
                        maybe(text()),
                        random.nextInt(1000),
                        maybe(time()),
                        random.nextLong(1L << 40),
                        random.nextBoolean()));
    }

    private LogPolicy.Target target() {
        return switch (random.nextInt(4)) {
            case 0 -> new LogPolicy.Standard();
            case 2 -> new LogPolicy.Inherited();
            case 1 -> new LogPolicy.File(path());
            default -> new LogPolicy.Nowhere();
        };
    }

    private Set<Integer> numbers() {
        var numbers = new HashSet<Integer>();
        IntStream.range(0, random.nextInt(4)).forEach(at -> numbers.add(random.nextInt(256)));
        return numbers;
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        IntStream.range(0, random.nextInt(5)).forEach(at -> environment.put("K" + text(), text()));
        return environment;
    }

    private Duration time() {
        return Duration.ofMillis(random.nextLong(Duration.ofHours(1).toMillis()));
    }

    private Path path() {
        return Path.of("/" + text() + "/" + text());
    }

    private String text() {
        String alphabet = "abcxyzABC0189äßж";
        var text = new StringBuilder();
        int length = 1 + random.nextInt(12);
        for (int at = 0; at < length; at++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private OptionalInt maybeNumber() {
        return random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private <T> T one(T[] all) {
        return all[random.nextInt(all.length)];
    }

    private <T> List<T> list(Function<String, T> element) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(at -> element.apply(text()))
                .toList();
    }

    private static List<String> some(List<String> list) {
        return list.isEmpty() ? List.of("program") : list;
    }
}
