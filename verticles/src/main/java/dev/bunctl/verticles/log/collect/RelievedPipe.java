package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.threads.Delay;
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
    private final Delay delay;
    private final DropJournal.Note note;
    private Drops dropped = new Drops();
    private long reads;
    private int capacity = USUAL_CAPACITY;
    private boolean busy;
    private boolean planned;
    private boolean closed;

    /** @param note where drops are noted until they are announced */
    RelievedPipe(OutputPipe pipe, Delay delay, DropJournal.Note note) {
        this.pipe = pipe;
        this.delay = delay;
        this.note = note;
    }

    /** What was dropped behind the bytes that were read last, since this was last asked; null when nothing was. */
    synchronized @Nullable Drops takeDropped() {
        if (!dropped.any() || pipe.kept() > 0) {
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
            int held = pipe.live().available();
            if (held > capacity / 2) {
                note.dropping(StreamPump.DISK_SLOW, pipe.keptSize());
                discard(held);
            }
        } catch (NativeException e) {
            busy = false; // the reader meets the same failure and says so
        }
    }

    private void discard(int held) throws NativeException {
        Drops now = new Drops();
        Scratch scratch = Scratch.ofThread();
        int left = held;
        try {
            for (int count = scratch.read(pipe.live(), Scratch.BYTES); count > 0; ) {
                now.count(scratch.bytes(), 0, count);
                left -= count;
                count = left > 0 ? scratch.read(pipe.live(), Scratch.BYTES) : 0;
            }
        } finally {
            dropped.count(now);
            note.dropped(now);
        }
    }

    @Override
    public long kept() {
        return pipe.kept();
    }

    @Override
    public long keptSize() {
        return pipe.keptSize();
    }

    @Override
    public boolean unheld() {
        return pipe.unheld();
    }

    @Override
    public OutputPipe live() {
        return pipe.live();
    }

    /**
     * Only for what is kept in front of it: while bytes go from the pipe itself to the disk nobody else can read. Not under
     * the lock, so that the pipe behind can be relieved meanwhile.
     */
    @Override
    public int transferTo(LogFile file, long offset, int limit) throws NativeException {
        if (pipe.kept() == 0) {
            throw new UnsupportedOperationException("it is read, so that it can be relieved");
        }
        reading();
        return pipe.transferTo(file, offset, limit);
    }

    private synchronized void reading() {
        reads++;
        busy = true;
        plan();
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
