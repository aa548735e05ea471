package dev.bunctl.verticles.supervisor;

import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.lifecycle.Now;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** What a supervisor needs of the event loop it lives on. */
interface Surroundings {
    /** Runs things one after the other where the supervisor lives, never at once. */
    Executor executor();

    Now now();

    /**
     * Runs something once, on the executor's thread.
     *
     * @return a number for {@link #cancel}
     */
    long arm(Duration after, Runnable action);

    void cancel(long timer);

    /** Runs something that blocks, elsewhere; the future completes where the supervisor lives. */
    <T> Future<T> blocking(Callable<T> work);

    void publish(InstanceEvent event);
}
