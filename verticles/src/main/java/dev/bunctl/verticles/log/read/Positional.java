package dev.bunctl.verticles.log.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads at an offset, whatever others do to the file meanwhile. */
final class Positional {
    private Positional() {}

    /** Reads until the array range is full or the file ends; says how many bytes it got. */
    static int read(FileChannel channel, long offset, byte[] into, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
        int total = 0;
        while (total < length) {
            int read = channel.read(buffer, offset + total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }
}
