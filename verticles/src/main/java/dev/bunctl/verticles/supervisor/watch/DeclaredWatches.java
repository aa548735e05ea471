package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Readiness;
import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.lifecycle.Event;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.supervisor.Channels;
import dev.bunctl.verticles.supervisor.SpawnPlanner;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.net.NetClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/** Makes the watches that specifications declare. One for each daemon: it holds the clients that probes use. */
public final class DeclaredWatches implements Watches {
    private final Vertx vertx;
    private final Platform platform;
    private final SpawnPlanner planner;
    private final LogReader logs;
    private final Path logFolder;
    private final Channels channels;
    // In fields: a client that nothing holds is closed by the garbage collector.
    private final Shared<HttpClient> http;
    private final Shared<NetClient> net;
    private final MemoryRounds memory;

    /**
     * To be made outside of every verticle.
     *
     * @param logFolder {@code <home>/logs}
     */
    public DeclaredWatches(
            Vertx vertx, Platform platform, SpawnPlanner planner, LogReader logs, Path logFolder, Channels channels) {
        this.vertx = vertx;
        this.platform = platform;
        this.planner = planner;
        this.logs = logs;
        this.logFolder = logFolder;
        this.channels = channels;
        this.http = new Shared<>(vertx.getOrCreateContext(), vertx::createHttpClient);
        this.net = new Shared<>(vertx.getOrCreateContext(), vertx::createNetClient);
        this.memory = new MemoryRounds(vertx, vertx.getOrCreateContext(), platform.sampler(), MemoryRounds.INTERVAL);
    }

    @Override
    public Watch readiness(Subject subject, Reports to) {
        int generation = subject.key().generation();
        Runnable ready = () -> to.report(new Event.ReadySignSeen(generation));
        return switch (subject.spec().readiness().sign()) {
            case Readiness.Port(String host, int port) ->
                new ReadinessWatch(vertx, new TcpProbe(net, host, port), ready).begin();
            case Readiness.Http(String url) ->
                new ReadinessWatch(vertx, new HttpProbe(http, url, Map.of(), Optional.empty(), Optional.empty()), ready)
                        .begin();
            case Readiness.LogLine(String pattern) -> logLine(subject, pattern, ready);
            case Readiness.Alive(Duration after) -> alive(after, ready);
            case Readiness.Message _, Readiness.Notify _ -> channels.whenReady(subject.key(), ready);
        };
    }

    /** In files, or as it passes where there are none. */
    private Watch logLine(Subject subject, String pattern, Runnable ready) {
        AtomicBoolean over = new AtomicBoolean();
        Runnable once = () -> {
            if (over.compareAndSet(false, true)) {
                ready.run();
            }
        };
        LogLineWatch inFiles = new LogLineWatch(logs, lines(subject, pattern), once).begin();
        subject.readyLine().onSuccess(_ -> once.run());
        return () -> {
            over.set(true);
            inFiles.end();
        };
    }

    private Watch alive(Duration after, Runnable ready) {
        long timer = vertx.setTimer(Math.max(1, after.toMillis()), fired -> ready.run());
        return () -> {
            boolean _ = vertx.cancelTimer(timer);
        };
    }

    private LogRequest lines(Subject subject, String pattern) {
        InstanceLogs files = InstanceLogs.of(logFolder, subject.spec(), subject.number());
        return LogRequest.of(
                List.of(files),
                new LogQuery(
                        1, true, true, true, Optional.of(subject.startedAt()), Optional.empty(), Optional.of(pattern)));
    }

    @Override
    public Watch health(Subject subject, Reports to) {
        int generation = subject.key().generation();
        return subject.spec()
                .health()
                .<Watch>map(check -> new HealthWatch(
                                vertx,
                                check,
                                probe(check.probe(), subject),
                                () -> to.report(new Event.WellSeen(generation)),
                                why -> to.report(new Event.TroubleSeen(generation, Event.Trouble.HEALTH, why)))
                        .begin())
                .orElse(() -> {});
    }

    @Override
    public Watch memory(Subject subject, LongConsumer reading) {
        return memory.follow(subject.identity(), reading);
    }

    private Probe probe(HealthCheck.Probe declared, Subject subject) {
        return switch (declared) {
            case HealthCheck.Http(String url, var headers, var status, var pattern) ->
                new HttpProbe(http, url, headers, status, pattern.map(Pattern::compile));
            case HealthCheck.Tcp(String host, int port) -> new TcpProbe(net, host, port);
            case HealthCheck.Exec(List<String> command) ->
                new ExecProbe(
                        vertx,
                        platform.processes(),
                        key -> planner.plan(subject.spec(), subject.number(), key, Map.of()),
                        subject.key().instance(),
                        command);
        };
    }
}
