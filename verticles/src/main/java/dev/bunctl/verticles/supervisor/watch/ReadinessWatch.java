package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Tries again and again until all is well, less and less often. There is no event for a port that begins to listen;
 * this goes on only while a process comes up, and its listen_timeout bounds it.
 */
final class ReadinessWatch implements Watches.Watch {
    static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /** A try that hangs is given up, so that a server that answers later is still seen. */
    static final Duration TRY = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Probe probe;
    private final Runnable ready;
    private Duration pause = FIRST_PAUSE;
    private boolean ended;

    ReadinessWatch(Vertx vertx, Probe probe, Runnable ready) {
        this.vertx = vertx;
        this.probe = probe;
        this.ready = ready;
    }

    ReadinessWatch begin() {
        tryOnce();
        return this;
    }

    private void tryOnce() {
        if (ended) {
            return;
        }
        probe.run(TRY).onSuccess(problem -> {
            if (ended) {
                return;
            }
            if (problem.isEmpty()) {
                ended = true;
                ready.run();
                return;
            }
            long _ = vertx.setTimer(pause.toMillis(), timer -> tryOnce());
            Duration longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        });
    }

    @Override
    public void end() {
        ended = true;
    }
}
