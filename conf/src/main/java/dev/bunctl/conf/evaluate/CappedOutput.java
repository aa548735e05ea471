package dev.bunctl.conf.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads what a program prints so that it never waits, and keeps the last part of it. Reads on a thread of its own. */
final class CappedOutput {
    /** Bytes kept. */
    static final int MAX_BYTES = 64 << 10;

    /** A grandchild may hold the pipe open after the program is gone; it is not waited for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final byte[] ring = new byte[MAX_BYTES];
    private long total;
    private final Thread reader;

    CappedOutput(InputStream in) {
        this.reader = Thread.ofVirtual().start(() -> read(in));
    }

    private void read(InputStream in) {
        byte[] chunk = new byte[8192];
        try (in) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                append(chunk, count);
            }
        } catch (IOException closed) {
            byte[] note = ("\n(its output broke off: " + closed.getMessage() + ")").getBytes(StandardCharsets.UTF_8);
            append(note, note.length);
        }
    }

    private synchronized void append(byte[] bytes, int count) {
        for (int at = 0; at < count; at++) {
            ring[(int) (total++ % MAX_BYTES)] = bytes[at];
        }
    }

    /** What was printed last, after the program ended. */
    String finish() throws InterruptedException {
        var _ = reader.join(PATIENCE);
        return text();
    }

    private synchronized String text() {
        int kept = (int) Math.min(total, MAX_BYTES);
        byte[] bytes = new byte[kept];
        for (int at = 0; at < kept; at++) {
            bytes[at] = ring[(int) ((total - kept + at) % MAX_BYTES)];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
