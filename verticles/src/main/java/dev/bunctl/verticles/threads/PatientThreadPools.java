package dev.bunctl.verticles.threads;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.ExecutorServiceFactory;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * Vert.x on {@link PatientThreadPool}s. Its own pools throw when the host refuses a thread, and then every later
 * {@code executeBlocking} of that context waits for ever, ordered as they are.
 */
public final class PatientThreadPools implements ExecutorServiceFactory {
    private final CompletableFuture<Vertx> vertx = new CompletableFuture<>();

    private PatientThreadPools() {}

    /** A Vert.x that is not clustered. */
    public static Vertx vertx(VertxOptions options, Transport transport) {
        PatientThreadPools pools = new PatientThreadPools();
        Vertx made = VertxBootstrap.create()
                .options(options)
                .transport(transport.implementation())
                .executorServiceFactory(pools)
                .init()
                .vertx();
        pools.vertx.complete(made);
        return made;
    }

    @Override
    public ExecutorService createExecutor(ThreadFactory factory, Integer concurrency, Integer maxConcurrency) {
        return new PatientThreadPool(maxConcurrency, factory, this::after);
    }

    private void after(Duration time, Runnable task) {
        // What comes before Vert.x is made waits for it.
        var _ = vertx.thenAccept(made -> made.setTimer(time.toMillis(), _ -> task.run()));
    }
}
