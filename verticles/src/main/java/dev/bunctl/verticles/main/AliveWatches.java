package dev.bunctl.verticles.main;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.lifecycle.Event;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Watches nothing but life itself: whatever sign an app declares, it counts as up when it is still alive after the time
 * that an app without a declared sign is given. The control verticle says so to whoever starts such an app.
 */
final class AliveWatches implements Watches {
    private static final Duration AFTER = ((Readiness.Alive) Readiness.DEFAULT.sign()).after();

    private final Vertx vertx;

    AliveWatches(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Watch readiness(ProcessKey key, ProcessIdentity identity, AppSpec spec, Reports to) {
        long timer = vertx.setTimer(AFTER.toMillis(), _ -> to.report(new Event.ReadySignSeen(key.generation())));
        return () -> {
            var _ = vertx.cancelTimer(timer);
        };
    }

    @Override
    public Watch health(ProcessKey key, ProcessIdentity identity, AppSpec spec, Reports to) {
        return () -> {};
    }
}
