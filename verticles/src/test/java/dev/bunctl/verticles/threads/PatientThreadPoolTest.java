package dev.bunctl.verticles.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatientThreadPoolTest {
    private static final int THREADS = 2;

    private final AtomicInteger mayMake = new AtomicInteger();
    private final Deque<Runnable> alarms = new ArrayDeque<>();
    private final ThreadFactory host = task -> {
        if (mayMake.getAndDecrement() <= 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return Thread.ofPlatform().daemon().unstarted(task);
    };
    private final PatientThreadPool pool = new PatientThreadPool(THREADS, host, (_, task) -> alarms.add(task));

    @AfterEach
    void shutDown() {
        var _ = pool.shutdownNow();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(1, TimeUnit.MINUTES));
    }

    @Test
    void noThread_taskWaits_andRunsWhenOneCanBeMade() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(2);
        pool.execute(ran::countDown);
        pool.execute(ran::countDown);
        assertEquals(1, alarms.size(), "one alarm for all that waits");
        alarms.remove().run();
        assertEquals(2, ran.getCount());
        assertEquals(1, alarms.size(), "it is tried again");
        mayMake.set(1);
        alarms.remove().run();
        await(ran);
    }

    @Test
    void oneThreadAndNoOther_allTasksRunOnIt() throws InterruptedException {
        mayMake.set(1);
        CountDownLatch ran = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            pool.execute(ran::countDown);
        }
        await(ran);
        assertEquals(1, pool.getPoolSize());
    }

    @Test
    void threadThatIsHeld_othersGoOnAsSoonAsOneCanBeMade() throws InterruptedException {
        mayMake.set(1);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        pool.execute(() -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        pool.execute(ran::countDown);
        mayMake.set(1);
        alarms.remove().run();
        await(ran);
        held.countDown();
    }

    @Test
    void shortageThatPassed_isForgotten_andTheNextIsWaitedOutToo() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        pool.execute(first::countDown);
        mayMake.set(THREADS);
        while (!alarms.isEmpty()) {
            alarms.remove().run();
        }
        await(first);
        pool.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
        pool.allowCoreThreadTimeOut(true);
        while (pool.getPoolSize() > 0) {
            Thread.onSpinWait();
        }
        mayMake.set(0);
        CountDownLatch second = new CountDownLatch(1);
        pool.execute(second::countDown);
        assertFalse(alarms.isEmpty());
        mayMake.set(1);
        alarms.remove().run();
        await(second);
    }
}
