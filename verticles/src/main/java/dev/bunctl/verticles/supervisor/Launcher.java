package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.SpawnPlan;
import io.vertx.core.Future;
import java.util.Map;

/** Brings the programs of one instance to execution: first its channels, then the plan, then the host. */
final class Launcher {
    private static final System.Logger LOG = System.getLogger(Launcher.class.getName());

    private final int number;
    private final SupervisorServices services;
    private final Surroundings around;
    private final Processes.ProcessObserver observer;

    /**
     * @param number of the instance, from 0
     * @param observer told what becomes of each program, also when it never came to the host
     */
    Launcher(int number, SupervisorServices services, Surroundings around, Processes.ProcessObserver observer) {
        this.number = number;
        this.services = services;
        this.around = around;
        this.observer = observer;
    }

    void launch(AppSpec spec, ProcessKey key) {
        if (Channels.asks(spec) || SpawnPlanner.blocks(spec)) {
            services.channels()
                    .open(key, spec, false)
                    .compose(channel -> around.blocking(() -> services.planner().plan(spec, number, key, channel)))
                    .onSuccess(this::spawn)
                    .onFailure(cause -> unplanned(key, cause));
            return;
        }
        try {
            spawn(services.planner().plan(spec, number, key, Map.of()));
        } catch (NativeException | RuntimeException e) {
            unplanned(key, e);
        }
    }

    /** Takes over a program that runs: it may be about to reach this daemon. */
    void adopt(AppSpec spec, ProcessKey key) {
        Future<Map<String, String>> _ = services.channels()
                .open(key, spec, true)
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, key + " cannot speak to this daemon", cause));
    }

    private void spawn(SpawnPlan plan) {
        services.platform().processes().spawn(plan, observer, around.executor());
    }

    private void unplanned(ProcessKey key, Throwable cause) {
        NativeException known = cause instanceof NativeException expected
                ? expected
                : new NativeException("plan", 0, String.valueOf(cause.getMessage()));
        if (known != cause) {
            LOG.log(System.Logger.Level.ERROR, "cannot plan " + key, cause);
        }
        around.executor().execute(() -> observer.notSpawned(key, known));
    }
}
