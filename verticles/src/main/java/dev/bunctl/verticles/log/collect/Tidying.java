package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.LogPolicy.Rotation;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What is done for one log behind its back: syncing, compressing and deleting what was put aside. */
final class Tidying {
    /** Most logs put aside that wait to be synced; a log that rotates faster does it itself and so waits for the disk. */
    static final int MAX_RETIRED = 4;

    /** How often files are looked at that are to be deleted by age. */
    static final Duration AGE_CHECK = Duration.ofHours(1);

    private final Path path;
    private final Workshop shop;
    private final Deque<LogFile> retired = new ArrayDeque<>();
    private final AtomicBoolean planned = new AtomicBoolean();
    private final AtomicBoolean ageCheckPlanned = new AtomicBoolean();
    private final Object work = new Object();

    Tidying(Path path, Workshop shop) {
        this.path = path;
        this.shop = shop;
    }

    /** Takes over a log that was put aside. */
    void retire(LogFile old, Rotation policy) {
        boolean behind;
        synchronized (retired) {
            retired.add(old);
            behind = retired.size() > MAX_RETIRED;
        }
        if (behind) {
            tidy(policy);
        } else {
            tidyLater(policy);
        }
    }

    void tidyLater(Rotation policy) {
        if (planned.compareAndSet(false, true)) {
            shop.maintenance().execute(() -> {
                planned.set(false);
                tidy(policy);
            });
        }
    }

    private void tidy(Rotation policy) {
        synchronized (work) {
            syncRetired();
            try {
                shop.steps().tidy(path, policy, shop.clock().instant());
            } catch (IOException e) {
                shop.troubles().report(path, "what was put aside could not be tidied: " + e);
            }
        }
        if (policy.maxAge().isPresent() && ageCheckPlanned.compareAndSet(false, true)) {
            shop.delay().after(AGE_CHECK, () -> {
                ageCheckPlanned.set(false);
                tidyLater(policy);
            });
        }
    }

    private void syncRetired() {
        for (LogFile old = next(); old != null; old = next()) {
            try {
                old.sync();
            } catch (NativeException e) {
                shop.troubles().report(path, "a file put aside could not be synced: " + e.getMessage());
            } finally {
                old.close();
            }
        }
    }

    private @Nullable LogFile next() {
        synchronized (retired) {
            return retired.poll();
        }
    }

    void deleteAll() throws IOException {
        synchronized (work) {
            syncRetired();
            shop.steps().deleteAll(path);
        }
    }
}
