package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The pipe of an app that must not wait for a slow disk. When its reader is stuck with what it read last and the pipe is
 * over half full, what it holds is dropped and counted, by a timer that runs while there is output. Thread-safe.
 */
final class RelievedPipe implements OutputPipe {
    /** How long a reader may be stuck before the pipe is looked at. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    private static final int USUAL_CAPACITY = 64 * 1024;

    private final OutputPipe pipe;
    private final Workshop.Delay delay;
    private Drops dropped = new Drops();
    private long reads;
    private int capacity = USUAL_CAPACITY;
    private boolean busy;
    private boolean planned;
    private boolean closed;

    RelievedPipe(OutputPipe pipe, Workshop.Delay delay) {
        this.pipe = pipe;
        this.delay = delay;
    }

    /** What was dropped behind the bytes that were read last, since this was last asked; null when nothing was. */
    synchronized @Nullable Drops takeDropped() {
        if (!dropped.any()) {
            return null;
        }
        Drops taken = dropped;
        dropped = new Drops();
        return taken;
    }

    @Override
    public synchronized int read(ByteBuffer buffer) throws NativeException {
        reads++;
        int count = pipe.read(buffer);
        busy = count > 0;
        plan();
        return count;
    }

    private void plan() {
        if (busy && !planned) {
            planned = true;
            long seen = reads;
            delay.after(PATIENCE, () -> look(seen));
        }
    }

    private synchronized void look(long seen) {
        planned = false;
        if (closed) {
            return;
        }
        if (busy && reads == seen) {
            relieve();
        }
        plan();
    }

    private void relieve() {
        try {
            int left = pipe.available();
            if (left <= capacity / 2) {
                return;
            }
            Scratch scratch = Scratch.ofThread();
            for (int count = scratch.read(pipe, Scratch.BYTES); count > 0; ) {
                dropped.count(scratch.bytes(), 0, count);
                left -= count;
                count = left > 0 ? scratch.read(pipe, Scratch.BYTES) : 0;
            }
        } catch (NativeException e) {
            busy = false; // the reader meets the same failure and says so
        }
    }

    /** Not for such a pipe: while bytes go from it to the disk nobody else can read. */
    @Override
    public int transferTo(LogFile file, long offset, int limit) {
        throw new UnsupportedOperationException("it is read, so that it can be relieved");
    }

    @Override
    public void onReadable(Executor executor, Runnable callback) {
        pipe.onReadable(executor, callback);
    }

    @Override
    public int available() throws NativeException {
        return pipe.available();
    }

    @Override
    public synchronized int grow(int bytes) {
        capacity = pipe.grow(bytes);
        return capacity;
    }

    @Override
    public synchronized void close() {
        closed = true;
        pipe.close();
    }
}
