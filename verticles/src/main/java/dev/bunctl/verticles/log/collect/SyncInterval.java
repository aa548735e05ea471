package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has a log synced some time after it was written to, where that is wanted; one that rests is left alone. */
final class SyncInterval {
    private final Path log;
    private final Workshop shop;
    private final Sync sync;
    private final AtomicBoolean planned = new AtomicBoolean();
    private volatile Optional<Duration> every = Optional.empty();

    /** Makes what was written survive a loss of power. */
    interface Sync {
        void run() throws NativeException;
    }

    SyncInterval(Path log, Workshop shop, Sync sync) {
        this.log = log;
        this.shop = shop;
        this.sync = sync;
    }

    void every(Optional<Duration> interval) {
        every = interval;
    }

    /** Something was written. */
    void written() {
        if (every.isPresent() && planned.compareAndSet(false, true)) {
            shop.delay().after(every.get(), () -> shop.maintenance().execute(this::syncNow));
        }
    }

    private void syncNow() {
        planned.set(false);
        try {
            sync.run();
        } catch (NativeException e) {
            shop.troubles().report(log, "it could not be synced: " + e.getMessage());
        }
    }
}
