package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogControl;
import dev.bunctl.verticles.log.LogSource;
import dev.bunctl.verticles.log.OutputCollector;
import dev.bunctl.verticles.log.read.Tail;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Collects output into files, with a small pool of threads for all apps. */
public final class FileOutputCollector implements OutputCollector, LogControl {
    /** Most lines {@link #lastErrorLines} gives. */
    public static final int MAX_LAST_LINES = 200;

    private final Vertx vertx;
    private final Path folder;
    private final Workshop shop;
    private final Executor writers;
    private final Executor readers;
    private final SinkRegistry registry;
    private final StandardSinks standard;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, ErrorStart> errorStarts = new ConcurrentHashMap<>();
    private final Set<InstanceCollection> collections = ConcurrentHashMap.newKeySet();

    /** Where the stderr of the present generation begins. */
    private record ErrorStart(Path file, long offset) {}

    /**
     * @param folder {@code <home>/logs}
     * @param writers a pool of a few threads; one that is stuck on a disk is missing to the others
     * @param readers a pool of threads that look into files
     */
    public FileOutputCollector(Vertx vertx, Path folder, Workshop shop, Executor writers, Executor readers) {
        this.vertx = vertx;
        this.folder = folder;
        this.shop = shop;
        this.writers = writers;
        this.readers = readers;
        this.registry = new SinkRegistry(shop);
        this.standard = new StandardSinks(shop.platform(), shop.readerGone());
    }

    @Override
    public Collection collect(ProcessKey key, AppSpec spec, OutputPipe stdout, OutputPipe stderr) {
        int instance = instanceNumber(key);
        InstanceLogs logs = InstanceLogs.of(folder, spec, instance);
        Lane lane = lane(key.instance(), spec.name().value(), together(spec));
        lane.execute(() -> logs.stderr()
                .ifPresent(file -> errorStarts.put(
                        key.instance(), new ErrorStart(file, file.toFile().length()))));
        List<InstanceCollection> self = new ArrayList<>(1);
        InstanceCollection collection =
                new InstanceCollection(vertx, lane, shop, registry, standard, () -> self.forEach(collections::remove));
        self.add(collection);
        collections.add(collection);
        collection.start(spec, logs, key, instance, stdout, stderr);
        return collection;
    }

    /** Says something about an instance where its stderr goes, when that is a standard stream of this process. */
    public void announce(String instance, AppSpec spec, String text) {
        if (spec.logs().stderr() instanceof LogPolicy.Inherited) {
            int number = Integer.parseInt(instance.substring(instance.lastIndexOf(':') + 1));
            LineWriter writer = new LineWriter(
                    List.of(standard.of(LogSource.Stream.STDERR)),
                    StreamLogs.format(spec, number, LogSource.Stream.STDERR, shop.zone()),
                    spec.logs().maxLineBytes(),
                    shop.clock(),
                    null);
            lane(instance, spec.name().value(), together(spec)).execute(() -> announce(writer, text));
        }
    }

    private void announce(PipeWriter writer, String text) {
        try {
            writer.announce(text);
        } catch (NativeException refused) {
            shop.troubles().report(Path.of("/dev/stderr"), "cannot be written: " + refused.getMessage());
        }
    }

    private Lane lane(String instance, String app, boolean together) {
        return lanes.computeIfAbsent(together ? app : instance, k -> new Lane(writers));
    }

    private static boolean together(AppSpec spec) {
        return spec.logs().merged() || spec.logs().combined().isPresent();
    }

    private static int instanceNumber(ProcessKey key) {
        String instance = key.instance();
        try {
            return Integer.parseInt(instance.substring(instance.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an instance is named app:number, not " + instance, e);
        }
    }

    @Override
    public Future<List<String>> lastErrorLines(String instance, int count) {
        ErrorStart start = errorStarts.get(instance);
        if (start == null || count < 1) {
            return Future.succeededFuture(List.of());
        }
        return run(readers, () -> Tail.last(start.file(), start.offset(), Math.min(count, MAX_LAST_LINES)));
    }

    @Override
    public Future<Void> flush(java.util.Collection<Path> logs) {
        return each(logs, LogPolicy.Rotation.DEFAULT, LogSink::flush);
    }

    @Override
    public Future<Void> rotate(java.util.Collection<Path> logs, LogPolicy.Rotation policy) {
        return each(logs, policy, sink -> {
            sink.rotate(policy);
        });
    }

    @Override
    public Future<Void> reopen() {
        return run(shop.maintenance(), () -> {
            registry.all().forEach(LogSink::close);
            return null;
        });
    }

    /** Something done to one log. */
    private interface Deed {
        void to(LogSink sink) throws NativeException;
    }

    /** @param policy of a log that nobody writes to now */
    private Future<Void> each(java.util.Collection<Path> logs, LogPolicy.Rotation policy, Deed deed) {
        return run(shop.maintenance(), () -> {
            for (Path path : List.copyOf(logs)) {
                LogSink sink = registry.acquire(path, policy);
                try {
                    deed.to(sink);
                } finally {
                    registry.release(sink);
                }
            }
            return null;
        });
    }

    /** Ends all collecting; what pipes hold stays in them. */
    public Future<Void> close() {
        List<Future<Void>> all = new ArrayList<>();
        for (InstanceCollection collection : collections) {
            Promise<Void> closed = Promise.promise();
            collection.close(closed::complete);
            all.add(closed.future());
        }
        Context context = vertx.getOrCreateContext();
        Promise<Void> done = Promise.promise();
        Future.join(all).onComplete(v -> {
            registry.all().forEach(LogSink::close);
            shop.drops().close();
            context.runOnContext(w -> done.complete());
        });
        return done.future();
    }

    private <T> Future<T> run(Executor executor, Callable<T> task) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        executor.execute(() -> {
            try {
                T result = task.call();
                context.runOnContext(v -> promise.complete(result));
            } catch (Exception e) {
                context.runOnContext(v -> promise.fail(e));
            }
        });
        return promise.future();
    }
}
