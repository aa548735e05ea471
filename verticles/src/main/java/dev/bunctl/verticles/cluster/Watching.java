package dev.bunctl.verticles.cluster;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Nodes tell of their apps when something changes, and often while somebody at another node looks: what an app uses changes all the time.
 * Who looks says so again and again, and who is looked at stops by itself. Used from one event loop.
 */
final class Watching {
    /** Between two times that a node says that somebody looks. */
    static final Duration SAID = Duration.ofSeconds(10);

    /** Between two times that a node tells while it is looked at. */
    static final Duration TOLD = Duration.ofSeconds(2);

    /** A node that was said so long ago to be looked at is so no more. */
    static final Duration REMEMBERED = Duration.ofSeconds(25);

    private final Vertx vertx;
    private final InstantSource clock;
    private final Runnable say;
    private final Runnable tell;
    private @Nullable Long saying;
    private @Nullable Long telling;
    private Instant until = Instant.MIN;

    /**
     * @param say says to the other nodes that somebody looks
     * @param tell tells them of the apps of this one
     */
    Watching(Vertx vertx, InstantSource clock, Runnable say, Runnable tell) {
        this.vertx = vertx;
        this.clock = clock;
        this.say = say;
        this.tell = tell;
    }

    /** Somebody looks here, or nobody does any more. */
    void watch(boolean on) {
        if (on) {
            say.run();
        }
        if (on && saying == null) {
            saying = vertx.setPeriodic(SAID.toMillis(), _ -> say.run());
        } else if (!on && saying != null) {
            boolean _ = vertx.cancelTimer(saying);
            saying = null;
        }
    }

    /** Somebody looks at another node. */
    void isWatched() {
        until = clock.instant().plus(REMEMBERED);
        if (telling == null) {
            tell.run();
            telling = vertx.setPeriodic(TOLD.toMillis(), _ -> tellOn());
        }
    }

    private void tellOn() {
        if (clock.instant().isBefore(until)) {
            tell.run();
        } else {
            stopTelling();
        }
    }

    private void stopTelling() {
        if (telling != null) {
            boolean _ = vertx.cancelTimer(telling);
            telling = null;
        }
    }

    void close() {
        watch(false);
        stopTelling();
    }
}
