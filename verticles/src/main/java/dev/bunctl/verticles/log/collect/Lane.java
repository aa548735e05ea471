package dev.bunctl.verticles.log.collect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other on threads it shares. After each task it lets others have their turn, so one that is
 * stuck on a slow disk holds one thread and its own lane only.
 */
public final class Lane implements Executor {
    private final Executor pool;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean scheduled;

    public Lane(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        pool.execute(this::runOne);
    }

    private void runOne() {
        Runnable task;
        synchronized (waiting) {
            task = waiting.remove();
        }
        try {
            task.run();
        } finally {
            goOn();
        }
    }

    private void goOn() {
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                scheduled = false;
                return;
            }
        }
        pool.execute(this::runOne);
    }
}
