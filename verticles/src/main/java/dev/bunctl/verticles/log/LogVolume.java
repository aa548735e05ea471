package dev.bunctl.verticles.log;

import java.util.concurrent.atomic.LongAdder;

/** Output of apps since the daemon was started, in bytes. Counted and read on any thread. */
public final class LogVolume {
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    public void wrote(long bytes) {
        written.add(bytes);
    }

    public void dropped(long bytes) {
        dropped.add(bytes);
    }

    /** What was written to logs. */
    public long written() {
        return written.sum();
    }

    /** What could not be kept. */
    public long dropped() {
        return dropped.sum();
    }
}
