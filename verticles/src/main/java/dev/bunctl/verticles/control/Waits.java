package dev.bunctl.verticles.control;

import dev.bunctl.verticles.internal.InstanceSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Those who wait until an instance has come somewhere. Told by events, never by looking again and again. */
final class Waits {
    private final Vertx vertx;
    private final Map<String, List<Wait>> byInstance = new HashMap<>();
    private final Consumer<InstanceSnapshot> always;

    /** @param always told of every change, after those who wait for it */
    Waits(Vertx vertx, Consumer<InstanceSnapshot> always) {
        this.vertx = vertx;
        this.always = always;
    }

    private record Wait(Predicate<InstanceSnapshot> condition, Promise<InstanceSnapshot> promise) {}

    /** Completes with the first snapshot from now on that meets the condition. */
    Future<InstanceSnapshot> until(String instance, Predicate<InstanceSnapshot> condition) {
        Promise<InstanceSnapshot> promise = Promise.promise();
        byInstance.computeIfAbsent(instance, _ -> new ArrayList<>()).add(new Wait(condition, promise));
        return promise.future();
    }

    /** The same, failing with {@link TimeoutException} of this message after some time. */
    Future<InstanceSnapshot> until(
            String instance, Predicate<InstanceSnapshot> condition, Duration atMost, String message) {
        Promise<InstanceSnapshot> promise = Promise.promise();
        Wait wait = new Wait(condition, promise);
        byInstance.computeIfAbsent(instance, _ -> new ArrayList<>()).add(wait);
        long timer = vertx.setTimer(Math.max(1, atMost.toMillis()), _ -> {
            drop(instance, wait);
            promise.tryFail(new TimeoutException(message));
        });
        return promise.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    /** Completes when the condition holds, which is looked at when one of these instances changes. */
    Future<InstanceSnapshot> untilAny(Collection<String> instances, BooleanSupplier condition) {
        Promise<InstanceSnapshot> promise = Promise.promise();
        Wait wait = new Wait(_ -> condition.getAsBoolean(), promise);
        instances.forEach(instance ->
                byInstance.computeIfAbsent(instance, _ -> new ArrayList<>()).add(wait));
        return promise.future().onComplete(_ -> instances.forEach(instance -> drop(instance, wait)));
    }

    private void drop(String instance, Wait wait) {
        List<Wait> waits = byInstance.get(instance);
        if (waits != null && waits.remove(wait) && waits.isEmpty()) {
            byInstance.remove(instance);
        }
    }

    /** Tells those whose condition is met. */
    void changed(InstanceSnapshot snapshot) {
        tell(snapshot);
        always.accept(snapshot);
    }

    private void tell(InstanceSnapshot snapshot) {
        List<Wait> waits = byInstance.get(snapshot.instance());
        if (waits == null) {
            return;
        }
        List<Wait> met = new ArrayList<>();
        for (Iterator<Wait> each = waits.iterator(); each.hasNext(); ) {
            Wait wait = each.next();
            if (wait.condition.test(snapshot)) {
                each.remove();
                met.add(wait);
            }
        }
        if (waits.isEmpty()) {
            byInstance.remove(snapshot.instance());
        }
        // Told last: who is told may begin to wait anew.
        met.forEach(wait -> wait.promise.tryComplete(snapshot));
    }

    /** Fails all who wait for an instance that is forgotten. */
    void forget(String instance) {
        List<Wait> waits = byInstance.remove(instance);
        if (waits != null) {
            waits.forEach(wait -> wait.promise.tryFail(new IllegalStateException(instance + " was deleted")));
        }
    }
}
