package dev.bunctl.verticles.supervisor.watch;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something made when first needed, on a context of its own: Vert.x closes a client together with the verticle on whose
 * context it was made, and this one outlives every supervisor.
 */
final class Shared<T> {
    private final Context home;
    private final Supplier<T> maker;
    private @Nullable Future<T> made;

    /** @param home a context that belongs to no verticle */
    Shared(Context home, Supplier<T> maker) {
        this.home = home;
        this.maker = maker;
    }

    synchronized Future<T> get() {
        Future<T> known = made;
        if (known == null) {
            Promise<T> promise = Promise.promise();
            home.runOnContext(nothing -> promise.complete(maker.get()));
            known = promise.future();
            made = known;
        }
        return known;
    }
}
