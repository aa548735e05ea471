package dev.bunctl.os.fake;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.StandardStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps what is written, until its reader goes. Thread-safe. */
public final class FakeStandardStream implements StandardStream {
    private static final int EPIPE = 32;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean gone;

    @Override
    public synchronized int write(byte[] bytes, int from, int length) throws NativeException {
        if (gone) {
            throw new NativeException("write", EPIPE, "nobody reads any more");
        }
        written.write(bytes, from, length);
        return length;
    }

    public synchronized void loseReader() {
        gone = true;
    }

    public synchronized String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
