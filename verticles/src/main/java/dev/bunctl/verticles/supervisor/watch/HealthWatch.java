package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.conf.HealthCheck;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Tries at an interval and tells of so many failures in a row. Never two tries at once. */
final class HealthWatch implements Watches.Watch {
    private final Vertx vertx;
    private final HealthCheck check;
    private final Probe probe;
    private final Runnable well;
    private final Consumer<String> unhealthy;
    private final long began = System.nanoTime();
    private int failures;
    private boolean wasWell;
    private boolean ended;

    /** @param well told of the first success */
    HealthWatch(Vertx vertx, HealthCheck check, Probe probe, Runnable well, Consumer<String> unhealthy) {
        this.vertx = vertx;
        this.check = check;
        this.probe = probe;
        this.well = well;
        this.unhealthy = unhealthy;
    }

    HealthWatch begin() {
        next();
        return this;
    }

    private void next() {
        long _ = vertx.setTimer(Math.max(1, check.interval().toMillis()), timer -> tryOnce());
    }

    private void tryOnce() {
        if (ended) {
            return;
        }
        probe.run(check.timeout()).onSuccess(problem -> {
            if (!ended) {
                take(problem);
                next();
            }
        });
    }

    private void take(Optional<String> problem) {
        if (problem.isEmpty()) {
            failures = 0;
            if (!wasWell) {
                wasWell = true;
                well.run();
            }
            return;
        }
        if (!wasWell && isStarting()) {
            return;
        }
        failures++;
        if (failures >= check.retries()) {
            String times = failures == 1 ? "" : " " + failures + " times in a row";
            failures = 0;
            unhealthy.accept("health check failed" + times + ": " + problem.get());
        }
    }

    private boolean isStarting() {
        return Duration.ofNanos(System.nanoTime() - began).compareTo(check.startPeriod()) < 0;
    }

    @Override
    public void end() {
        ended = true;
    }
}
