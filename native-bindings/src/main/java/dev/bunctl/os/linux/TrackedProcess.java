package dev.bunctl.os.linux;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Exit;
import dev.bunctl.os.api.Processes.ProcessObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process in the daemon's table: asked for, running or ended. An observer is told in the order of the calls; one
 * that comes late is told of an exit at once.
 */
final class TrackedProcess {
    static final int NO_DESCRIPTOR = -1;

    private final ProcessKey key;
    private @Nullable ProcessObserver observer;
    private @Nullable Executor executor;
    private @Nullable ProcessIdentity identity;
    private @Nullable Exit exit;
    private int pidfd = NO_DESCRIPTOR;
    private boolean exhausted;

    TrackedProcess(ProcessKey key) {
        this.key = key;
    }

    ProcessKey key() {
        return key;
    }

    /** From now on this observer is told; of a recorded exit at once. */
    synchronized void observe(ProcessObserver newObserver, Executor newExecutor) {
        observer = newObserver;
        executor = newExecutor;
        Exit ended = exit;
        if (ended != null) {
            tellEnd(ended);
        }
    }

    private void tellEnd(Exit ended) {
        if (exhausted) {
            tell(to -> to.memoryExhausted(key));
        }
        tell(to -> to.exited(ended));
    }

    /** Its end, which is to come, is the memory limit's doing. */
    synchronized void exhausted() {
        exhausted = true;
    }

    synchronized void tell(Consumer<ProcessObserver> event) {
        ProcessObserver to = observer;
        Executor on = executor;
        if (to != null && on != null) {
            on.execute(() -> event.accept(to));
        }
    }

    synchronized void started(ProcessIdentity process, int processDescriptor) {
        identity = process;
        pidfd = processDescriptor;
    }

    /** Records the end and tells of it, once. */
    synchronized void ended(ProcessIdentity process, ExitRecord record) {
        if (exit != null) {
            return;
        }
        identity = process;
        closeDescriptor();
        Exit ended = new Exit(
                key,
                process,
                record.status(),
                Instant.ofEpochMilli(record.at()),
                Duration.of(record.userMicros(), ChronoUnit.MICROS),
                Duration.of(record.systemMicros(), ChronoUnit.MICROS),
                record.peakBytes());
        exit = ended;
        tellEnd(ended);
    }

    synchronized Optional<Exit> exit() {
        return Optional.ofNullable(exit);
    }

    /** The process, or empty while it is only asked for. */
    synchronized Optional<ProcessIdentity> identity() {
        return Optional.ofNullable(identity);
    }

    /** The process by a descriptor that no other process can take over, or {@link #NO_DESCRIPTOR}. */
    synchronized int descriptor() {
        return pidfd;
    }

    synchronized void closeDescriptor() {
        if (pidfd != NO_DESCRIPTOR) {
            var _ = LibC.close(pidfd);
            pidfd = NO_DESCRIPTOR;
        }
    }
}
