package dev.bunctl.verticles.log.bench;

import com.sun.management.OperatingSystemMXBean;
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
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.os.linux.LinuxPlatform;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.log.Logs;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A daemon that does nothing but collect output, started by the real guard with the real platform; see
 * {@code verticles/src/test/bench/logs}.
 */
public final class LogBench {
    private final Path home = Path.of(System.getenv("BUNCTL_HOME"));
    private final Path writer = Path.of(System.getProperty("bench.writer"));
    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
    private final LinuxPlatform platform;
    private final Logs logs;
    private final PrintStream report;
    private int runs;

    private LogBench() throws NativeException, IOException {
        platform = LinuxPlatform.open(3, home);
        platform.announceReady();
        logs = Logs.open(vertx, platform, home.resolve("logs"), InstantSource.system());
        report = new PrintStream(Files.newOutputStream(home.resolve("report")), true, StandardCharsets.UTF_8);
    }

    /** Arguments: lines in millions. */
    public static void main(String[] arguments) throws Exception {
        LogBench bench = new LogBench();
        try {
            bench.run(Long.parseLong(arguments[0]) * 1_000_000);
            bench.report.println("done");
        } catch (RuntimeException | IOException e) {
            e.printStackTrace(bench.report);
            bench.report.println("failed");
        } finally {
            bench.platform.announceFinished();
            System.exit(0);
        }
    }

    private void run(long lines) throws Exception {
        LogPolicy keep = policy(LogPolicy.DEFAULT, new LogPolicy.Raw());
        throughput("warm-up", keep, "block", lines);
        throughput("raw 64 KiB writes", keep, "block", lines);
        throughput("raw line writes", keep, "line", lines);
        throughput("timestamped 64 KiB writes", policy(keep, new LogPolicy.Timestamped("ISO")), "block", lines);
        throughput("json 64 KiB writes", policy(keep, new LogPolicy.JsonLines()), "block", lines);
        fileLatency(1_000);
        fileLatency(10_000);
        followerLatency(1_000);
        followerLatency(10_000);
        long before = residentKiB();
        throughput("10 million lines", keep, "block", 10_000_000);
        report.printf("memory: %d KiB before, %d KiB after 10 million lines%n", before, residentKiB());
        hundred(keep, lines / 10);
        report.printf("memory: %d KiB after 100 apps at once%n", residentKiB());
    }

    private static LogPolicy policy(LogPolicy base, LogPolicy.Format format) {
        LogPolicy.Rotation rotation =
                new LogPolicy.Rotation(1L << 40, Optional.empty(), Optional.empty(), 10, Optional.empty(), 1L << 50, false);
        return new LogPolicy(
                base.stdout(),
                base.stderr(),
                base.combined(),
                false,
                format,
                base.maxLineBytes(),
                base.whenFull(),
                Optional.empty(),
                rotation);
    }

    private void throughput(String name, LogPolicy policy, String mode, long lines) throws IOException {
        String app = "bench" + runs++;
        long cpu = cpuNanos();
        long start = System.nanoTime();
        spawn(app, policy, mode, String.valueOf(lines)).join();
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        report.printf(
                "%-28s %6.2f M lines/s, %.3f s daemon CPU a million%n",
                name, lines / seconds / 1e6, cpuSeconds * 1e6 / lines);
        Files.delete(log(app));
    }

    private void hundred(LogPolicy policy, long lines) throws IOException {
        long start = System.nanoTime();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(spawn("many" + i, policy, "line", String.valueOf(lines / 10)));
        }
        all.forEach(CompletableFuture::join);
        double seconds = (System.nanoTime() - start) / 1e9;
        report.printf("%-28s %6.2f M lines/s%n", "100 apps at once", lines * 10 / seconds / 1e6);
        for (int i = 0; i < 100; i++) {
            Files.delete(log("many" + i));
        }
    }

    private void fileLatency(int rate) throws IOException {
        String app = "bench" + runs++;
        Path log = log(app);
        spawn(app, LogPolicy.DEFAULT, "probe", String.valueOf(rate * 3), String.valueOf(rate), log.toString())
                .join();
        report.printf(
                "to the file, %d lines/s: %s",
                rate, Files.readString(log.resolveSibling(log.getFileName() + ".latency")));
    }

    private void followerLatency(int rate) {
        String app = "bench" + runs++;
        int lines = rate * 3;
        long[] times = new long[lines];
        CompletableFuture<?> seen = new CompletableFuture<>();
        InstanceLogs of = InstanceLogs.of(home.resolve("logs"), spec(app, LogPolicy.DEFAULT), 0);
        LogQuery query = new LogQuery(10, true, true, false, Optional.empty(), Optional.empty(), Optional.empty());
        vertx.runOnContext(v -> follow(logs.reader().open(LogRequest.of(List.of(of), query)), times, 0, seen));
        spawn(app, LogPolicy.DEFAULT, "stamp", String.valueOf(lines), String.valueOf(rate))
                .join();
        seen.join();
        Arrays.sort(times);
        report.printf(
                "to a follower, %d lines/s: p50 %d p99 %d max %d us%n",
                rate, times[lines / 2] / 1000, times[lines * 99 / 100] / 1000, times[lines - 1] / 1000);
    }

    private static void follow(LogCursor cursor, long[] times, int done, CompletableFuture<?> seen) {
        var _ = cursor.next().onComplete(result -> {
            LogBatch batch = result.result();
            Instant now = Instant.now();
            long nanos = now.getEpochSecond() * 1_000_000_000 + now.getNano();
            int at = done;
            for (LogItem item : batch.items()) {
                String text = ((LogItem.Line) item).text().getString(13, 33);
                times[at++] = nanos - Long.parseLong(text);
            }
            if (at < times.length) {
                follow(cursor, times, at, seen);
            } else {
                cursor.close();
                seen.complete(null);
            }
        });
    }

    private Path log(String app) {
        return home.resolve("logs").resolve(app + "-out.log");
    }

    private CompletableFuture<Void> spawn(String app, LogPolicy policy, String... arguments) {
        AppSpec spec = spec(app, policy);
        List<String> argv = new ArrayList<>();
        argv.add("writer");
        argv.addAll(List.of(arguments));
        SpawnPlan plan = new SpawnPlan(
                new ProcessKey(app + ":0", 1),
                writer,
                argv,
                Map.of(),
                Path.of("/"),
                0022,
                List.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
        CompletableFuture<Void> drained = new CompletableFuture<>();
        platform.processes().spawn(plan, new Watcher(spec, drained), task -> vertx.runOnContext(v -> task.run()));
        return drained;
    }

    private final class Watcher implements Processes.ProcessObserver {
        private final AppSpec spec;
        private final CompletableFuture<Void> drained;
        private dev.bunctl.verticles.log.OutputCollector.@org.jspecify.annotations.Nullable Collection collection;

        Watcher(AppSpec spec, CompletableFuture<Void> drained) {
            this.spec = spec;
            this.drained = drained;
        }

        @Override
        public void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            collection = logs.collector().collect(key, spec, stdout, stderr);
        }

        @Override
        public void notSpawned(ProcessKey key, NativeException cause) {
            drained.completeExceptionally(cause);
        }

        @Override
        public void exited(Processes.Exit exit) {
            platform.processes().forget(exit.key());
            var _ = java.util.Objects.requireNonNull(collection).drain().onComplete(v -> drained.complete(null));
        }
    }

    private static AppSpec spec(String name, LogPolicy policy) {
        return new AppSpec(
                new AppName(name),
                "default",
                new Program(Path.of("/bin/true"), List.of("true"), "true", Program.Engine.OTHER),
                Path.of("/"),
                Map.of(),
                Map.of(),
                0022,
                new Instances(1, Instances.DEFAULT_VARIABLE),
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

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long residentKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
