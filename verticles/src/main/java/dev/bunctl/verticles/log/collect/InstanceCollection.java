package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.LogPolicy.WhenFull;
import dev.bunctl.conf.Readiness;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogSource.Stream;
import dev.bunctl.verticles.log.OutputCollector.Collection;
import dev.bunctl.verticles.log.frame.LineFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The output of one generation, both streams on one lane. */
final class InstanceCollection implements Collection {
    /** Longest that the end of a process waits for its output to be written; then it is written later. */
    static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private static final Path NOWHERE = Path.of("/dev/null");
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    private final Vertx vertx;
    private final Lane lane;
    private final Workshop shop;
    private final SinkRegistry registry;
    private final StandardSinks standard;
    private final List<StreamPump> pumps = new ArrayList<>();
    private final List<PipeWriter> writers = new ArrayList<>();
    private final List<LogSink> allSinks = new ArrayList<>();
    private final Runnable ended;
    private final AtomicInteger open = new AtomicInteger(2);
    private @Nullable ReadyLine ready;

    /** @param ended called on the lane when both pipes have come to their end */
    InstanceCollection(
            Vertx vertx, Lane lane, Workshop shop, SinkRegistry registry, StandardSinks standard, Runnable ended) {
        this.vertx = vertx;
        this.lane = lane;
        this.shop = shop;
        this.registry = registry;
        this.standard = standard;
        this.ended = ended;
    }

    void start(AppSpec spec, InstanceLogs logs, ProcessKey key, int instance, OutputPipe stdout, OutputPipe stderr) {
        add(spec, logs, key, instance, Stream.STDOUT, stdout);
        add(spec, logs, key, instance, Stream.STDERR, stderr);
        lane.execute(() -> {
            allSinks.forEach(LogSink::beginGeneration);
            pumps.forEach(StreamPump::start);
        });
    }

    private void add(AppSpec spec, InstanceLogs logs, ProcessKey key, int instance, Stream stream, OutputPipe pipe) {
        LogPolicy policy = spec.logs();
        StreamLogs target = StreamLogs.of(spec, logs, stream);
        List<LogSink> sinks = target.files().stream()
                .map(file -> registry.acquire(file, policy.rotation()))
                .toList();
        List<Sink> lines = new ArrayList<>(sinks);
        if (target.inherited()) {
            lines.add(standard.of(stream));
        }
        PipeWriter writer;
        if (lines.isEmpty()) {
            writer = new NowhereWriter();
        } else if (target.raw()) {
            writer = new RawWriter(sinks.getFirst(), policy.whenFull() == WhenFull.DROP);
        } else {
            writer = new LineWriter(
                    lines,
                    StreamLogs.format(spec, instance, stream, shop.zone()),
                    policy.maxLineBytes(),
                    shop.clock(),
                    target.inherited() ? readyLine(spec.readiness()) : null);
        }
        Path named = target.files().isEmpty() ? NOWHERE : target.files().getFirst();
        allSinks.addAll(sinks);
        lane.execute(() -> prepare(sinks, policy));
        writers.add(writer);
        DropJournal.Note note = shop.drops().noteOf(named, key + " " + stream);
        OutputPipe source = policy.whenFull() == WhenFull.DROP ? new RelievedPipe(pipe, shop.delay(), note) : pipe;
        pumps.add(new StreamPump(source, writer, policy.whenFull(), note, lane, shop, named, () -> ended(sinks)));
    }

    /** One for both streams. */
    private @Nullable ReadyLine readyLine(Readiness readiness) {
        if (ready == null && readiness.sign() instanceof Readiness.LogLine(String pattern)) {
            ready = new ReadyLine(new LineFilter(Optional.of(Pattern.compile(pattern))));
        }
        return ready;
    }

    @Override
    public Future<Void> readyLine() {
        return ready == null ? NEVER : ready.passed();
    }

    private static void prepare(List<LogSink> sinks, LogPolicy policy) {
        for (LogSink sink : sinks) {
            sink.adopt(policy.rotation(), policy.syncEvery());
            sink.tidy();
        }
    }

    @Override
    public void adopt(LogPolicy policy) {
        List<LogSink> sinks = List.copyOf(allSinks);
        lane.execute(() -> prepare(sinks, policy));
    }

    private void ended(List<LogSink> sinks) {
        sinks.forEach(registry::release);
        if (open.decrementAndGet() == 0) {
            ended.run();
        }
    }

    @Override
    public Future<Void> drain() {
        Context context = vertx.getOrCreateContext();
        Promise<Void> promise = Promise.promise();
        long limit = vertx.setTimer(DRAIN_LIMIT.toMillis(), id -> promise.tryComplete());
        AtomicInteger left = new AtomicInteger(pumps.size());
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                context.runOnContext(v -> {
                    vertx.cancelTimer(limit);
                    promise.tryComplete();
                });
                sync();
            }
        };
        lane.execute(() -> pumps.forEach(pump -> pump.drain(one)));
        return promise.future();
    }

    private void sync() {
        for (PipeWriter writer : writers) {
            try {
                writer.sync();
            } catch (NativeException e) {
                shop.troubles().report(NOWHERE, "could not be synced: " + e.getMessage());
            }
        }
    }

    /** Gives back pipes and logs without reading on. What the pipes hold stays there for a later daemon. */
    void close(Runnable closed) {
        lane.execute(() -> {
            pumps.forEach(StreamPump::close);
            sync();
            closed.run();
        });
    }
}
