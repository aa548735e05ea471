package dev.bunctl.verticles.log.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that lines are put together in; used over and over. */
public final class GrowingBytes {
    /** What is kept for the next use; a batch that was larger gives its memory back. */
    private static final int KEPT_CAPACITY = 256 * 1024;

    private byte[] bytes = new byte[1024];
    private int length;

    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[KEPT_CAPACITY];
        }
    }

    public void append(byte[] from, int start, int end) {
        ensure(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    public void append(byte[] all) {
        append(all, 0, all.length);
    }

    public void append(int b) {
        ensure(1);
        bytes[length++] = (byte) b;
    }

    public void append(String text) {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }
}
