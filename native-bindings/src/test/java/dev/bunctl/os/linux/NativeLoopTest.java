package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bunctl.os.api.NativeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class NativeLoopTest {
    @Test
    void execute_runsInTheOrderOfTheCalls_onTheLoopsThread() throws Exception {
        try (NativeLoop loop = NativeLoop.open()) {
            loop.start();
            List<Integer> ran = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            for (int i = 0; i < 1000; i++) {
                int number = i;
                loop.execute(() -> {
                    if (loop.inLoop()) {
                        ran.add(number);
                    }
                });
            }
            loop.execute(done::countDown);
            done.await();
            assertEquals(IntStream.range(0, 1000).boxed().toList(), ran);
        }
    }

    @Test
    void handlerThatThrows_doesNotEndTheLoop() throws Exception {
        try (NativeLoop loop = NativeLoop.open()) {
            loop.start();
            CountDownLatch after = new CountDownLatch(1);
            loop.execute(() -> {
                throw new IllegalStateException("expected by the test");
            });
            loop.execute(after::countDown);
            after.await();
        }
    }

    @Test
    void silentLoop_runsNothingMore_andCanStillBeClosed() throws Exception {
        try (NativeLoop loop = NativeLoop.open()) {
            loop.start();
            List<String> ran = new ArrayList<>();
            CountDownLatch before = new CountDownLatch(1);
            loop.execute(() -> {
                ran.add("before");
                before.countDown();
            });
            before.await();
            loop.fallSilent();
            loop.fallSilent();
            loop.execute(() -> ran.add("after"));
            assertEquals(List.of("before"), ran);
        }
    }

    @Test
    void openAndClose_thousandTimes_neverHangsOrLeaks() throws Exception {
        long before = LinuxProcessesTest.descriptors();
        for (int i = 0; i < 1000; i++) {
            NativeLoop loop = NativeLoop.open();
            loop.start();
            loop.execute(() -> {});
            loop.close();
            loop.close();
        }
        assertEquals(before, LinuxProcessesTest.descriptors());
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("bunctl-native") && thread.isAlive()));
    }

    @Test
    void add_afterClose_isRefused() throws Exception {
        NativeLoop loop = NativeLoop.open();
        loop.start();
        loop.close();
        NativeException e = assertThrows(NativeException.class, () -> loop.add(0, LibC.EPOLLIN, _ -> {}));
        assertEquals(Errno.EBADF, e.errno());
    }
}
