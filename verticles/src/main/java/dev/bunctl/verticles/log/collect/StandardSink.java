package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.StandardStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** A standard stream of this process. Once its reader has gone, what comes is nobody's and is taken without a word. */
final class StandardSink implements Sink {
    private static final int EPIPE = 32;

    private final StandardStream stream;
    private final Runnable readerGone;
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile boolean torn;

    /** @param readerGone called once, on the thread that finds out */
    StandardSink(StandardStream stream, Runnable readerGone) {
        this.stream = stream;
        this.readerGone = readerGone;
    }

    @Override
    public int write(byte[] bytes, int from, int length) throws NativeException {
        if (gone.get()) {
            return length;
        }
        try {
            int written = stream.write(bytes, from, length);
            torn = bytes[from + written - 1] != '\n';
            return written;
        } catch (NativeException e) {
            if (e.errno() != EPIPE) {
                throw e;
            }
            if (gone.compareAndSet(false, true)) {
                readerGone.run();
            }
            return length;
        }
    }

    @Override
    public void endTornLine() throws NativeException {
        if (torn) {
            torn = false;
            var _ = write(LogSink.TORN, 0, LogSink.TORN.length);
        }
    }

    @Override
    public void sync() {}
}
