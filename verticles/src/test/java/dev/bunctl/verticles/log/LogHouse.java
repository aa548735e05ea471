package dev.bunctl.verticles.log;

import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.fake.FakePipe;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Logs in a folder of a test, written by pretended programs. */
final class LogHouse implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    /** An app under collection. */
    record App(AppSpec spec, FakePipe out, FakePipe err, OutputCollector.Collection collection) {}

    final Path folder;
    final Vertx vertx = Vertx.vertx();
    final AtomicInteger readersGone = new AtomicInteger();
    final AtomicReference<Instant> now = new AtomicReference<>(START);
    Logs logs;

    LogHouse(Path home) {
        this(home, new FakePlatform());
    }

    LogHouse(Path home, Platform platform) {
        folder = home.resolve("logs");
        InstantSource clock = now::get;
        logs = Logs.open(vertx, platform, folder, home.resolve("state/dropped"), clock, readersGone::incrementAndGet);
    }

    static AppSpec spec(String name, int instances, LogPolicy policy) {
        return new AppSpec(
                new AppName(name),
                "default",
                new Program(Path.of("/bin/true"), List.of("true"), "true", Program.Engine.OTHER),
                Path.of("/"),
                Map.of(),
                Map.of(),
                0022,
                new Instances(instances, Instances.DEFAULT_VARIABLE),
                true,
                RestartPolicy.DEFAULT,
                StopPolicy.DEFAULT,
                Readiness.DEFAULT,
                Optional.empty(),
                Limits.NONE,
                Optional.empty(),
                policy,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    static LogPolicy policy(LogPolicy.Rotation rotation) {
        return policy(rotation, new LogPolicy.Raw(), LogPolicy.WhenFull.BLOCK);
    }

    static LogPolicy policy(LogPolicy.Rotation rotation, LogPolicy.Format format, LogPolicy.WhenFull whenFull) {
        LogPolicy usual = LogPolicy.DEFAULT;
        return new LogPolicy(
                usual.stdout(),
                usual.stderr(),
                usual.combined(),
                false,
                format,
                usual.maxLineBytes(),
                whenFull,
                Optional.empty(),
                rotation);
    }

    static LogPolicy.Rotation everyBytes(long bytes) {
        return new LogPolicy.Rotation(
                bytes, Optional.empty(), Optional.empty(), 1_000_000, Optional.empty(), Long.MAX_VALUE / 2, false);
    }

    App run(AppSpec spec, int instance) {
        FakePipe out = new FakePipe();
        FakePipe err = new FakePipe();
        return new App(spec, out, err, collect(spec, instance, out, err));
    }

    App run(String name) {
        return run(spec(name, 1, LogPolicy.DEFAULT), 0);
    }

    OutputCollector.Collection collect(AppSpec spec, int instance, OutputPipe out, OutputPipe err) {
        return logs.collector().collect(new ProcessKey(spec.name() + ":" + instance, 1), spec, out, err);
    }

    /** Everything an app has written so far is in its files. */
    void settle(App app) {
        await(app.collection().drain());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("did not come", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    LogQuery query(int lines, boolean follow) {
        return new LogQuery(lines, follow, true, true, Optional.empty(), Optional.empty(), Optional.empty());
    }

    LogCursor open(LogQuery query, App... apps) {
        List<InstanceLogs> of = new ArrayList<>();
        for (App app : apps) {
            of.add(InstanceLogs.of(folder, app.spec(), 0));
        }
        return logs.reader().open(LogRequest.of(of, query));
    }

    /** Reads to the end. */
    List<String> read(LogQuery query, App... apps) {
        try (LogCursor cursor = open(query, apps)) {
            List<String> lines = new ArrayList<>();
            for (LogBatch batch = await(cursor.next()); ; batch = await(cursor.next())) {
                batch.items().forEach(item -> lines.add(text(item)));
                if (batch.last()) {
                    return lines;
                }
            }
        }
    }

    /** Reads until so many items have come. */
    static List<String> take(LogCursor cursor, int count) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            await(cursor.next()).items().forEach(item -> lines.add(text(item)));
        }
        return lines;
    }

    static String text(LogItem item) {
        return switch (item) {
            case LogItem.Line line -> line.text().toString(StandardCharsets.UTF_8);
            case LogItem.Gap gap -> "GAP " + gap.reason();
        };
    }

    String content(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> names() {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Platform that lets something be done between the moment at which output is in its log and the writer's next step. */
    static Platform afterWrites(Platform platform, Runnable deed) {
        return (Platform) java.lang.reflect.Proxy.newProxyInstance(
                Platform.class.getClassLoader(), new Class<?>[] {Platform.class}, (self, method, arguments) -> {
                    Object result = method.invoke(platform, arguments);
                    return method.getName().equals("openLog") ? afterWrites((LogFile) result, deed) : result;
                });
    }

    private static LogFile afterWrites(LogFile file, Runnable deed) {
        return (LogFile) java.lang.reflect.Proxy.newProxyInstance(
                LogFile.class.getClassLoader(), new Class<?>[] {LogFile.class}, (self, method, arguments) -> {
                    Object result = method.invoke(file, arguments);
                    if (method.getName().equals("write")) {
                        deed.run();
                    }
                    return result;
                });
    }

    @Override
    public void close() {
        await(logs.close());
        await(vertx.close());
    }
}
