package dev.bunctl.os.fake;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A pipe in memory. The test is the program: it writes, and hangs up when the last writer is gone. */
public final class FakePipe implements OutputPipe {
    public static final int INITIAL_CAPACITY = 65_536;
    private static final int MAX_CAPACITY = 1 << 20;
    private static final int EBADF = 9;

    private final Deque<Byte> held = new ArrayDeque<>();
    private int capacity = INITIAL_CAPACITY;
    private boolean hungUp;
    private boolean closed;
    private @Nullable Runnable waiting;

    /** Writes as much as there is room for, and says how much that was. */
    @CanIgnoreReturnValue
    public synchronized int write(byte[] bytes) {
        int taken = Math.min(bytes.length, capacity - held.size());
        for (int i = 0; i < taken; i++) {
            held.add(bytes[i]);
        }
        wake();
        return taken;
    }

    /** Writes the text, all of which must fit. */
    public void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (write(bytes) != bytes.length) {
            throw new IllegalStateException("the pipe is full; a program would wait now");
        }
    }

    /** The last writer is gone. */
    public synchronized void hangUp() {
        hungUp = true;
        wake();
    }

    /** Whether a consumer waits to be called. */
    public synchronized boolean awaited() {
        return waiting != null;
    }

    public synchronized boolean closed() {
        return closed;
    }

    private void wake() {
        if (waiting != null && (!held.isEmpty() || hungUp)) {
            Runnable callback = waiting;
            waiting = null;
            callback.run();
        }
    }

    @Override
    public synchronized void onReadable(Executor executor, Runnable callback) {
        if (closed) {
            return;
        }
        waiting = () -> executor.execute(callback);
        wake();
    }

    @Override
    public synchronized int read(ByteBuffer buffer) throws NativeException {
        requireOpen("read");
        if (held.isEmpty()) {
            return hungUp ? END : EMPTY;
        }
        int count = 0;
        for (; buffer.hasRemaining() && !held.isEmpty(); count++) {
            buffer.put(held.remove());
        }
        return count;
    }

    @Override
    public synchronized int transferTo(LogFile file, long offset, int limit) throws NativeException {
        requireOpen("splice");
        if (held.isEmpty()) {
            return hungUp ? END : EMPTY;
        }
        byte[] bytes = new byte[Math.min(limit, held.size())];
        int copied = 0;
        for (Byte next : held) {
            if (copied == bytes.length) {
                break;
            }
            bytes[copied++] = next;
        }
        int moved = writeAsSplice(file, bytes, offset);
        for (int i = 0; i < moved; i++) {
            held.remove();
        }
        return moved;
    }

    /** As splice(2): what a disk that becomes full still took is moved, and only the next call fails. */
    private static int writeAsSplice(LogFile file, byte[] bytes, long offset) throws NativeException {
        try {
            file.write(bytes, 0, bytes.length, offset);
            return bytes.length;
        } catch (NativeException e) {
            long moved = file.size() - offset;
            if (moved <= 0) {
                throw e;
            }
            return (int) Math.min(moved, bytes.length);
        }
    }

    @Override
    public synchronized int available() throws NativeException {
        requireOpen("ioctl");
        return held.size();
    }

    @Override
    public synchronized int grow(int bytes) {
        capacity = Math.max(capacity, Math.min(bytes, MAX_CAPACITY));
        return capacity;
    }

    private void requireOpen(String call) throws NativeException {
        if (closed) {
            throw new NativeException(call, EBADF, "the pipe is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        waiting = null;
    }

    /** The pipe as a later daemon gets it: the same bytes, nobody waiting. */
    FakePipe handedOver() {
        FakePipe next = new FakePipe();
        next.held.addAll(held);
        next.capacity = capacity;
        next.hungUp = hungUp;
        return next;
    }
}
