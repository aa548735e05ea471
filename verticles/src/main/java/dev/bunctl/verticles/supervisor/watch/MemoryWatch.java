package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessSampler;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells when the memory of a process and its descendants passes a limit. Sampled, since not every host tells of it;
 * only apps that declare such a limit are.
 */
final class MemoryWatch implements Watches.Watch {
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(MemoryWatch.class.getName());
    private static final double MIB = 1 << 20;

    private final Vertx vertx;
    private final ProcessSampler sampler;
    private final ProcessIdentity process;
    private final long limit;
    private final Duration interval;
    private final Consumer<String> passed;
    private boolean ended;
    private boolean sampling;

    MemoryWatch(
            Vertx vertx,
            ProcessSampler sampler,
            ProcessIdentity process,
            long limit,
            Duration interval,
            Consumer<String> passed) {
        this.vertx = vertx;
        this.sampler = sampler;
        this.process = process;
        this.limit = limit;
        this.interval = interval;
        this.passed = passed;
    }

    MemoryWatch begin() {
        next();
        return this;
    }

    private void next() {
        long _ = vertx.setTimer(interval.toMillis(), timer -> {
            if (!ended) {
                check();
                next();
            }
        });
    }

    @Override
    public void check() {
        if (ended || sampling) {
            return;
        }
        sampling = true;
        vertx.executeBlocking(() -> sampler.sample(List.of(process)), false)
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "no reading of memory", cause))
                .otherwise(Map.of())
                .onSuccess(this::take);
    }

    private void take(Map<ProcessIdentity, ProcessSampler.Usage> readings) {
        sampling = false;
        ProcessSampler.Usage usage = readings.get(process);
        if (!ended && usage != null && usage.memoryBytes() >= limit) {
            passed.accept("memory of %.1f MiB passed max_memory_restart of %.1f MiB"
                    .formatted(usage.memoryBytes() / MIB, limit / MIB));
        }
    }

    @Override
    public void end() {
        ended = true;
    }
}
