package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Publishes what instances use, as long as somebody is registered for it or it is kept. Used from one event loop. */
final class MetricsTopic {
    /** Between two samples. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final Vertx vertx;
    private final Inside inside;
    private final InstantSource clock;
    private final Consumer<Metrics> sampled;
    private int subscribers;
    private boolean kept;
    private long timer;
    private boolean sampling;

    /** @param sampled takes each sample */
    MetricsTopic(Vertx vertx, Inside inside, InstantSource clock, Consumer<Metrics> sampled) {
        this.vertx = vertx;
        this.inside = inside;
        this.clock = clock;
        this.sampled = sampled;
    }

    /** Samples although nobody is registered, or no more. */
    void keep(boolean on) {
        if (kept != on) {
            kept = on;
            if (subscribers == 0) {
                demand(on);
            }
        }
    }

    private void demand(boolean on) {
        if (on) {
            timer = vertx.setPeriodic(0, INTERVAL.toMillis(), _ -> sample());
        } else {
            boolean _ = vertx.cancelTimer(timer);
        }
    }

    /** Somebody has registered at an address; the first here begins the sampling. */
    void registered(String address) {
        if (address.equals(Protocol.METRICS) && subscribers++ == 0 && !kept) {
            demand(true);
        }
    }

    /** Somebody has gone from an address; the last one ends the sampling. */
    void unregistered(String address) {
        if (address.equals(Protocol.METRICS) && --subscribers == 0 && !kept) {
            demand(false);
        }
    }

    /** A host that takes longer than the interval is asked less often, never twice at a time. */
    private void sample() {
        if (sampling) {
            return;
        }
        sampling = true;
        inside.ask(new Command.Describe(new Selection.All())).onSuccess(answer -> {
            sampling = false;
            if (answer instanceof Answer.Description description && (kept || subscribers > 0)) {
                Metrics metrics = Metrics.of(clock.instant(), description);
                sampled.accept(metrics);
                if (subscribers == 0) {
                    return;
                }
                var _ = vertx.eventBus()
                        .publish(Protocol.METRICS, EdgeVerticle.object(MessageCodec.toMap(metrics)), LOCAL);
            }
        });
    }
}
