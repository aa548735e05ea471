package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.log.frame.GrowingBytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Buffers of one writer thread, so that a thousand streams need no more memory than the few threads they share. */
final class Scratch {
    /** Most bytes read at once. */
    static final int BYTES = 64 * 1024;

    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private final ByteBuffer direct = ByteBuffer.allocateDirect(BYTES);
    private final byte[] bytes = new byte[BYTES];
    private final Deque<GrowingBytes> free = new ArrayDeque<>();

    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** What {@link #read} read; until the next read on this thread. */
    byte[] bytes() {
        return bytes;
    }

    /** Reads into {@link #bytes}, as {@link OutputPipe#read} does. */
    int read(OutputPipe pipe, int limit) throws NativeException {
        direct.clear().limit(Math.min(limit, BYTES));
        int count = pipe.read(direct);
        if (count > 0) {
            direct.get(0, bytes, 0, count);
        }
        return count;
    }

    /** Lends an empty buffer to write into. */
    GrowingBytes borrow() {
        GrowingBytes buffer = free.poll();
        return buffer == null ? new GrowingBytes() : buffer;
    }

    /** Takes it back; one that was lent by another thread is as welcome. */
    void giveBack(GrowingBytes buffer) {
        buffer.clear();
        if (free.isEmpty()) {
            free.add(buffer);
        }
    }
}
