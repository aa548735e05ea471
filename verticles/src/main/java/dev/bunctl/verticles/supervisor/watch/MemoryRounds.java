package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessSampler;
import dev.bunctl.verticles.supervisor.Watches.Watch;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Reads the memory of trees in rounds, one reading of the host for all of them, and only while somebody follows one. May
 * be called from any thread.
 */
final class MemoryRounds {
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(MemoryRounds.class.getName());

    private final Vertx vertx;
    private final Context context;
    private final ProcessSampler sampler;
    private final Duration interval;
    private final Map<ProcessIdentity, LongConsumer> followers = new HashMap<>();
    private boolean going;

    /** @param context of its own, so that no verticle that ends takes the rounds with it */
    MemoryRounds(Vertx vertx, Context context, ProcessSampler sampler, Duration interval) {
        this.vertx = vertx;
        this.context = context;
        this.sampler = sampler;
        this.interval = interval;
    }

    /** Tells of every reading of this process and its descendants until the watch is ended. */
    synchronized Watch follow(ProcessIdentity process, LongConsumer reading) {
        followers.put(process, reading);
        if (!going) {
            going = true;
            context.runOnContext(_ -> next());
        }
        return () -> unfollow(process);
    }

    private synchronized void unfollow(ProcessIdentity process) {
        followers.remove(process);
    }

    private void next() {
        long _ = vertx.setTimer(interval.toMillis(), _ -> round());
    }

    private void round() {
        Set<ProcessIdentity> followed = followed();
        if (followed.isEmpty()) {
            return;
        }
        vertx.executeBlocking(() -> sampler.sample(followed), false)
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "no reading of memory", cause))
                .onSuccess(readings -> readings.forEach((process, usage) -> tell(process, usage.memoryBytes())))
                .onComplete(_ -> next());
    }

    /** Without followers the rounds end. */
    private synchronized Set<ProcessIdentity> followed() {
        going = !followers.isEmpty();
        return Set.copyOf(followers.keySet());
    }

    private void tell(ProcessIdentity process, long bytes) {
        LongConsumer reading;
        synchronized (this) {
            reading = followers.get(process);
        }
        if (reading != null) {
            reading.accept(bytes);
        }
    }
}
