package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.LogPolicy.Rotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The logs of this daemon, one {@link LogSink} for each path, whoever writes to it. */
final class SinkRegistry {
    private final Workshop shop;
    private final Map<Path, Entry> entries = new HashMap<>();

    SinkRegistry(Workshop shop) {
        this.shop = shop;
    }

    private static final class Entry {
        private final LogSink sink;
        private int users;

        Entry(LogSink sink) {
            this.sink = sink;
        }
    }

    /** Gets a log to write to; it is given back by {@link #release}. Never blocks. */
    synchronized LogSink acquire(Path path, Rotation policy) {
        Entry entry = entries.computeIfAbsent(path, p -> new Entry(new LogSink(p, policy, shop)));
        entry.users++;
        return entry.sink;
    }

    /** Gives back a log. The last user closes the file; blocking. */
    void release(LogSink sink) {
        synchronized (this) {
            Entry entry = entries.get(sink.path());
            if (entry == null || --entry.users > 0) {
                return;
            }
        }
        sink.close();
    }

    /** Every log that was ever written to since the daemon started. */
    synchronized List<LogSink> all() {
        List<LogSink> sinks = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> sinks.add(entry.sink));
        return sinks;
    }
}
