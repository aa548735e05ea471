package dev.bunctl.verticles.supervisor;

import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.lifecycle.Now;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** An event loop and a clock that move only when told to. */
final class ManualSurroundings implements Surroundings {
    static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private record Timer(Duration due, Runnable action) {}

    final List<InstanceEvent> published = new ArrayList<>();
    Duration time = Duration.ofHours(1);
    /** How far the wall clock was set. */
    Duration skew = Duration.ZERO;

    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final Map<Long, Timer> timers = new HashMap<>();
    private final Random random;
    private long nextTimer = 1;

    ManualSurroundings(Random random) {
        this.random = random;
    }

    @Override
    public Executor executor() {
        return queue::add;
    }

    @Override
    public Now now() {
        return new Now(time, EPOCH.plus(time).plus(skew), random.nextDouble());
    }

    @Override
    public long arm(Duration after, Runnable action) {
        timers.put(nextTimer, new Timer(time.plus(after), action));
        return nextTimer++;
    }

    @Override
    public void cancel(long timer) {
        timers.remove(timer);
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public void publish(InstanceEvent event) {
        published.add(event);
    }

    List<String> types() {
        return published.stream().map(InstanceEvent::type).toList();
    }

    int timers() {
        return timers.size();
    }

    /** Runs one thing that was posted. */
    boolean runOne() {
        Runnable task = queue.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /** Runs all that was posted, and what that posts. */
    void run() {
        while (runOne()) {}
    }

    /** Moves the clock to the next timer and fires it. */
    boolean fireNext() {
        Optional<Map.Entry<Long, Timer>> next = timers.entrySet().stream()
                .min(Comparator.<Map.Entry<Long, Timer>, Duration>comparing(
                                entry -> entry.getValue().due())
                        .thenComparing(Map.Entry::getKey));
        if (next.isEmpty()) {
            return false;
        }
        timers.remove(next.get().getKey());
        if (next.get().getValue().due().compareTo(time) > 0) {
            time = next.get().getValue().due();
        }
        next.get().getValue().action().run();
        return true;
    }

    /** Lets time pass, firing what comes due, and runs all that is posted. */
    void pass(Duration span) {
        Duration until = time.plus(span);
        run();
        while (timers.values().stream().anyMatch(timer -> timer.due().compareTo(until) <= 0)) {
            boolean _ = fireNext();
            run();
        }
        time = until;
    }
}
