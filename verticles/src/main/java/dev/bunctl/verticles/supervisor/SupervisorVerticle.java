package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.Processes;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Memory;
import dev.bunctl.verticles.lifecycle.Now;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * Owns one instance: takes {@link SupervisorCommand}s at {@link InternalAddresses#supervisor}, answers each at once
 * with a snapshot, and publishes {@link InstanceEvent}s. Undeploying it leaves processes alone.
 */
public final class SupervisorVerticle extends VerticleBase implements Surroundings {
    private static final System.Logger LOG = System.getLogger(SupervisorVerticle.class.getName());
    private static final int BUG = 70;

    /** The host refuses what was asked for. */
    public static final int REFUSED = 71;

    private final SupervisorServices services;
    private final String instance;
    private final Desired desired;
    private final List<Processes.Survivor> survivors;
    private final Supervisor supervisor;

    /**
     * @param number of the instance, from 0; it is called {@code <app>:<number>}
     * @param desired whether it is to run. RUNNING takes over survivors, starts what has none, and leaves alone what had
     *     ended by its policy since the host came up. A new app is deployed STOPPED and then sent a start
     * @param survivors what {@link Processes#survivors} says of this instance
     */
    public SupervisorVerticle(
            SupervisorServices services,
            AppSpec spec,
            int number,
            Desired desired,
            List<Processes.Survivor> survivors) {
        this.services = services;
        this.instance = spec.name() + ":" + number;
        this.desired = desired;
        this.survivors = List.copyOf(survivors);
        this.supervisor = new Supervisor(instance, number, spec, services, this);
    }

    @Override
    public Future<?> start() {
        return blocking(() -> services.runtime().load(instance))
                .map(found -> found.map(
                                runtime -> runtime.recall(services.platform().bootId(), now()))
                        .orElse(Memory.NONE))
                .compose(memory -> {
                    supervisor.begin(memory, survivors, desired);
                    return vertx.eventBus()
                            .<SupervisorCommand>localConsumer(InternalAddresses.supervisor(instance), this::answer)
                            .completion();
                });
    }

    @Override
    public Future<?> stop() {
        return supervisor.close();
    }

    private void answer(Message<SupervisorCommand> message) {
        try {
            if (message.body() instanceof SupervisorCommand.ChangeLimits(AppSpec wanted)) {
                supervisor
                        .changeLimits(wanted)
                        .onSuccess(_ -> message.reply(supervisor.snapshot()))
                        .onFailure(cause -> message.fail(REFUSED, String.valueOf(cause.getMessage())));
                return;
            }
            if (message.body() instanceof SupervisorCommand.ChangeWatch(AppSpec wanted)) {
                supervisor.changeWatch(wanted).onSuccess(_ -> message.reply(supervisor.snapshot()));
                return;
            }
            message.reply(supervisor.command(message.body()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, instance + " failed on " + message.body(), e);
            message.fail(BUG, "a bug in the supervisor of " + instance + ": " + e);
        }
    }

    @Override
    public Executor executor() {
        Context own = context;
        return task -> own.runOnContext(nothing -> task.run());
    }

    @Override
    public Now now() {
        return new Now(
                Duration.ofNanos(System.nanoTime()),
                Instant.now(),
                services.random().nextDouble());
    }

    @Override
    public long arm(Duration after, Runnable action) {
        long millis = after.plusNanos(999_999).toMillis();
        return vertx.setTimer(Math.max(1, millis), timer -> action.run());
    }

    @Override
    public void cancel(long timer) {
        boolean _ = vertx.cancelTimer(timer);
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    @Override
    public void publish(InstanceEvent event) {
        vertx.eventBus().publish(InternalAddresses.EVENTS, event);
    }
}
