package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.Limits;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Event;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The limits of what runs of one instance: changes them while it runs, and watches over memory where the host does not.
 * On the supervisor's thread.
 */
final class HeldLimits {
    private static final System.Logger LOG = System.getLogger(HeldLimits.class.getName());
    private static final double MIB = 1 << 20;

    private final Platform platform;
    private final Watches watches;
    private final Surroundings around;
    private final Consumer<Event> report;
    private final Map<Integer, Held> generations = new HashMap<>(2);
    private Future<Void> changing = Future.succeededFuture();

    HeldLimits(SupervisorServices services, Surroundings around, Consumer<Event> report) {
        this.platform = services.platform();
        this.watches = services.watches();
        this.around = around;
        this.report = report;
    }

    /** One running generation. */
    private final class Held {
        private final Watches.Subject subject;
        private Limits limits;
        private boolean easing;
        private boolean exhausted;
        private @Nullable SoftMemory soft;
        private Watches.@Nullable Watch sampling;

        Held(Watches.Subject subject) {
            this.subject = subject;
            this.limits = subject.spec().limits();
        }

        ProcessKey key() {
            return subject.key();
        }

        /** Watches what these limits ask for. */
        void follow(Limits wanted) {
            limits = wanted;
            Optional<Long> restart = easing ? Optional.empty() : limits.maxMemoryRestart();
            if (platform.capabilities().has(SpawnPlanner.MEMORY)) {
                followSoft(restart);
            } else {
                followSamples(restart.isPresent() || limits.maxMemory().isPresent());
            }
        }

        private void followSoft(Optional<Long> restart) {
            SoftMemory present = soft;
            if (present != null && restart.isPresent()) {
                present.limit(restart.get());
            } else if (present != null) {
                present.end();
                soft = null;
            } else if (restart.isPresent()) {
                soft = new SoftMemory(key(), restart.get(), platform.processes(), around, this::passedSoft);
            }
        }

        private void followSamples(boolean wanted) {
            Watches.Watch present = sampling;
            if (wanted && present == null) {
                sampling = watches.memory(subject, bytes -> around.executor().execute(() -> sampled(bytes)));
            } else if (!wanted && present != null) {
                present.end();
                sampling = null;
            }
        }

        private void sampled(long bytes) {
            if (!generations.containsValue(this)) {
                return;
            }
            if (limits.maxMemory().isPresent() && bytes >= limits.maxMemory().get()) {
                exhausted = true;
                platform.processes().signal(key(), Signal.KILL, Processes.Scope.TREE);
            } else if (!easing
                    && limits.maxMemoryRestart().isPresent()
                    && bytes >= limits.maxMemoryRestart().get()) {
                passedSoft(bytes);
            }
        }

        private void passedSoft(long bytes) {
            report.accept(new Event.TroubleSeen(
                    key().generation(),
                    Event.Trouble.MEMORY,
                    "memory of %.1f MiB passed max_memory_restart of %.1f MiB"
                            .formatted(bytes / MIB, limits.maxMemoryRestart().orElse(0L) / MIB)));
        }

        void end() {
            SoftMemory watch = soft;
            if (watch != null) {
                watch.end();
            }
            Watches.Watch samples = sampling;
            if (samples != null) {
                samples.end();
            }
        }
    }

    /** A process was started with the limits of its specification. */
    void began(Watches.Subject subject) {
        Held held = new Held(subject);
        generations.put(subject.key().generation(), held);
        held.follow(held.limits);
    }

    /** A process of a former daemon was taken over: it may have been told of other limits. */
    void tookOver(Watches.Subject subject) {
        began(subject);
        change(subject.spec().limits())
                .onFailure(cause -> LOG.log(
                        System.Logger.Level.WARNING,
                        subject.key() + " runs without a limit that it should have",
                        cause));
    }

    /** Gives these limits to everything that runs. Fails when the host refuses one. */
    Future<Void> change(Limits limits) {
        List<Future<Void>> all = new ArrayList<>(2);
        for (Held held : generations.values()) {
            held.follow(limits);
            all.add(apply(held));
        }
        return Future.all(all).mapEmpty();
    }

    /** Lifts the soft limit of a process that is told to end, so that it can. */
    void ease(int generation) {
        Held held = generations.get(generation);
        if (held == null || held.easing) {
            return;
        }
        held.easing = true;
        held.follow(held.limits);
        apply(held)
                .onFailure(cause ->
                        LOG.log(System.Logger.Level.WARNING, held.key() + " ends under its soft memory limit", cause));
    }

    /** One change after the other, whatever became of those before. */
    private Future<Void> apply(Held held) {
        var wanted = SpawnPlanner.limits(held.limits, held.easing);
        Future<Void> applied = changing.transform(_ -> around.blocking(() -> {
            platform.processes().limit(held.key(), wanted);
            return null;
        }));
        changing = applied;
        return applied;
    }

    /** The host tells that the soft limit is passed. */
    void passedSoftLimit(ProcessKey key) {
        Held held = generations.get(key.generation());
        if (held != null && held.soft != null) {
            held.soft.look();
        }
    }

    /** The host ended it, or part of its tree, for its memory. */
    void exhausted(ProcessKey key) {
        Held held = generations.get(key.generation());
        if (held != null) {
            held.exhausted = true;
        }
    }

    /** A process has ended; answers whether its memory was the cause. */
    boolean ended(int generation) {
        Held held = generations.remove(generation);
        if (held == null) {
            return false;
        }
        held.end();
        return held.exhausted;
    }

    void close() {
        generations.values().forEach(Held::end);
        generations.clear();
    }
}
