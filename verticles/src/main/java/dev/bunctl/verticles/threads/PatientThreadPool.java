package dev.bunctl.verticles.threads;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads made when they are needed. Where the host refuses another (RLIMIT_NPROC, pids.max: EAGAIN of pthread_create(3), in
 * Java an {@link OutOfMemoryError}), no task is refused or lost: it waits for the threads that there are, or for one that can be
 * made later. {@link #execute} of the class above throws instead, and who has counted on it, such as a queue of tasks that go one
 * after the other, stands still for good.
 */
public final class PatientThreadPool extends ThreadPoolExecutor {
    private static final System.Logger LOG = System.getLogger("PatientThreadPool");
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Delay delay;
    private final AtomicBoolean waiting = new AtomicBoolean();

    /** @param threads at most; they stay */
    public PatientThreadPool(int threads, ThreadFactory factory, Delay delay) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        this.delay = delay;
    }

    @Override
    public void execute(Runnable task) {
        try {
            super.execute(task);
        } catch (OutOfMemoryError _) {
            // Not of the heap: that ends a daemon at once (-XX:+ExitOnOutOfMemoryError).
            var _ = getQueue().add(task);
            if (waiting.compareAndSet(false, true)) {
                LOG.log(System.Logger.Level.WARNING, "the host refuses another thread; work waits until there is one");
                delay.after(PAUSE, this::tryAgain);
            }
        }
    }

    /** Goes on for as long as tasks wait that another thread could take. */
    private void tryAgain() {
        boolean refused = false;
        try {
            var _ = prestartCoreThread();
        } catch (OutOfMemoryError _) {
            refused = true;
        }
        if ((refused || getPoolSize() < getCorePoolSize()) && !getQueue().isEmpty() && !isShutdown()) {
            delay.after(PAUSE, this::tryAgain);
            return;
        }
        waiting.set(false);
        if (getPoolSize() == 0 && !getQueue().isEmpty() && waiting.compareAndSet(false, true)) {
            delay.after(PAUSE, this::tryAgain); // a task came in between
        }
    }
}
