package dev.bunctl.verticles.log;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.log.collect.DropJournal;
import dev.bunctl.verticles.log.collect.FileOutputCollector;
import dev.bunctl.verticles.log.collect.Growth;
import dev.bunctl.verticles.log.collect.Workshop;
import dev.bunctl.verticles.log.files.RotationSteps;
import dev.bunctl.verticles.log.read.FileLogReader;
import dev.bunctl.verticles.threads.Delay;
import dev.bunctl.verticles.threads.PatientThreadPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** All that has to do with output in one daemon, with the threads it needs. They end when idle for a while. */
public final class Logs {
    /** Threads that write; each that a disk holds is missing to the other apps. */
    public static final int WRITERS = 4;

    /** Threads that read for users. */
    public static final int READERS = 4;

    private static final long IDLE_SECONDS = 30;
    private static final System.Logger LOG = System.getLogger(Logs.class.getName());

    private final FileOutputCollector collector;
    private final FileLogReader reader;
    private final LogVolume volume;
    private final List<ExecutorService> pools;

    private Logs(FileOutputCollector collector, FileLogReader reader, LogVolume volume, List<ExecutorService> pools) {
        this.collector = collector;
        this.reader = reader;
        this.volume = volume;
        this.pools = pools;
    }

    /**
     * Makes everything ready; touches no file.
     *
     * @param folder {@code <home>/logs}, absolute; made when first needed
     * @param drops a file that notes what is dropped and not yet announced; made when first needed
     * @param readerGone called, on any thread, when output goes to a standard stream that nobody reads any more
     */
    public static Logs open(
            Vertx vertx, Platform platform, Path folder, Path drops, InstantSource clock, Runnable readerGone) {
        Delay delay = (time, task) -> vertx.setTimer(time.toMillis(), _ -> task.run());
        ExecutorService writers = pool("bunctl-log-writer", WRITERS, delay);
        ExecutorService readers = pool("bunctl-log-reader", READERS, delay);
        ExecutorService maintenance = pool("bunctl-log-maintenance", 1, delay);
        Growth growth = new Growth();
        LogVolume volume = new LogVolume();
        Workshop.Troubles troubles = (log, what) -> LOG.log(System.Logger.Level.WARNING, "{0}: {1}", log, what);
        Workshop shop = new Workshop(
                platform,
                clock,
                ZoneId.systemDefault(),
                new RotationSteps(RotationSteps.Faults.NONE),
                maintenance,
                delay,
                growth,
                volume,
                new DropJournal(drops, troubles),
                troubles,
                readerGone);
        return new Logs(
                new FileOutputCollector(vertx, folder, shop, writers, readers),
                new FileLogReader(vertx, growth, readers),
                volume,
                List.of(writers, readers, maintenance));
    }

    private static ExecutorService pool(String name, int threads, Delay delay) {
        ThreadFactory factory = Thread.ofPlatform().name(name).daemon().factory();
        ThreadPoolExecutor pool = new PatientThreadPool(threads, factory, delay);
        // What still comes after the end, such as a retry or a wake-up, finds its pipe and cursor closed anyway.
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        pool.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    public OutputCollector collector() {
        return collector;
    }

    public LogReader reader() {
        return reader;
    }

    public LogVolume volume() {
        return volume;
    }

    public LogControl control() {
        return collector;
    }

    /** Says something about an instance where its stderr goes, when that is a standard stream of this process. */
    public void announce(String instance, AppSpec spec, String text) {
        collector.announce(instance, spec, text);
    }

    /** Ends all collecting; what pipes hold stays in them for a later daemon. May be called twice. */
    public Future<Void> close() {
        if (pools.getFirst().isShutdown()) {
            return Future.succeededFuture();
        }
        return collector.close().onComplete(done -> pools.forEach(ExecutorService::shutdown));
    }
}
