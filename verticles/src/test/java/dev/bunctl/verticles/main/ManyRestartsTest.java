package dev.bunctl.verticles.main;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.state.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole daemon, over a pretended host, in which programs end all the time. */
class ManyRestartsTest {
    private static final int APPS = 10;
    private static final int FEW = 1_000;
    private static final int MANY = 10_000;

    /** Of each restart in between a single object would be more. */
    private static final int MOST_MORE_OBJECTS = (MANY - FEW) / 10;

    /** What a restart may leave on average is less than anything that is kept of one. */
    private static final long MOST_MORE_BYTES = 4L << 20;

    private static final long PATIENCE_SECONDS = 60;

    private static final RestartPolicy AT_ONCE = new RestartPolicy(
            RestartPolicy.Mode.ALWAYS,
            -1,
            Duration.ofMinutes(10),
            Duration.ofSeconds(1),
            Duration.ZERO,
            new RestartPolicy.Backoff(Duration.ZERO, 1, Duration.ZERO, 0),
            RestartPolicy.DEFAULT.successExitCodes(),
            RestartPolicy.DEFAULT.successSignals(),
            RestartPolicy.DEFAULT.stopExitCodes(),
            RestartPolicy.DEFAULT.stopSignals(),
            RestartPolicy.DEFAULT.exhausted());

    @TempDir
    private Path home;

    @Test
    @Timeout(600)
    void tenThousandRestarts_leaveNoMoreInMemoryThanAThousand() throws Exception {
        TestDaemon daemon = TestDaemon.start(home, new FakePlatform());
        try {
            for (int app = 0; app < APPS; app++) {
                daemon.change(new Command.Start(List.of(Specs.of("app" + app, AT_ONCE)), true));
            }
            int first = FEW / APPS;
            crash(daemon, 1, first);
            LiveObjects few = counted(daemon);
            crash(daemon, first + 1, MANY / APPS);
            LiveObjects many = counted(daemon);
            assertTrue(many.ours() <= few.ours() + MOST_MORE_OBJECTS, few + ", then " + many);
            assertTrue(many.bytes() <= few.bytes() + MOST_MORE_BYTES, few + ", then " + many);
        } finally {
            daemon.close();
        }
    }

    /** What the test itself has kept is let go first. */
    private static LiveObjects counted(TestDaemon daemon) throws Exception {
        daemon.forgetEvents();
        daemon.platform().processes().clearRecords();
        return LiveObjects.now();
    }

    /** Ends these generations of every app, one after the other; afterwards the next ones run. */
    private static void crash(TestDaemon daemon, int from, int to) {
        for (int generation = from; generation <= to; generation++) {
            for (int app = 0; app < APPS; app++) {
                running(daemon, app, generation).exit(1);
            }
            daemon.forgetEvents();
        }
        for (int app = 0; app < APPS; app++) {
            FakeProcess _ = running(daemon, app, to + 1);
        }
    }

    private static FakeProcess running(TestDaemon daemon, int app, int generation) {
        ProcessKey key = new ProcessKey("app" + app + ":0", generation);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Optional<FakeProcess> found = daemon.platform().processes().all().stream()
                    .filter(process -> process.key().equals(key))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            assertTrue(System.nanoTime() < deadline, () -> key + " never ran");
            LockSupport.parkNanos(100_000);
        }
    }
}
