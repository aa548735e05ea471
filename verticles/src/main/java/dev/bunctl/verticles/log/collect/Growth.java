package dev.bunctl.verticles.log.collect;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Wakes those who follow a log. While nobody does, a writer pays for one look at an empty list. */
public final class Growth {
    private final Map<Path, Followed> logs = new ConcurrentHashMap<>();

    /** One log that can be followed, whether it is written to or not. */
    public static final class Followed {
        private final List<Runnable> followers = new CopyOnWriteArrayList<>();

        /** It has grown or was put aside. Called by its writer. */
        void changed() {
            if (!followers.isEmpty()) {
                followers.forEach(Runnable::run);
            }
        }
    }

    /** Ends a following when closed. */
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /** What a writer of this log tells of its growth. */
    public Followed of(Path log) {
        return logs.computeIfAbsent(log, path -> new Followed());
    }

    /**
     * Follows a log until the answer is closed.
     *
     * @param wakeUp called on the writer's thread; must return at once
     */
    public Following follow(Path log, Runnable wakeUp) {
        Followed followed = of(log);
        followed.followers.add(wakeUp);
        return () -> followed.followers.remove(wakeUp);
    }
}
