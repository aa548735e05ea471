package dev.bunctl.cli.thin;

import dev.bunctl.bridge.wire.FrameChannel;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The link that was there before this Java: {@code bunctl-guard --link} has made it descriptor 0 and says with the property
 * {@code bunctl.stdin} where standard input is now. Plain file streams carry it, because {@code SocketChannel} loads three
 * libraries and a random generator. Closing does not wake a reader.
 */
final class InheritedLink implements ByteChannel {
    private static boolean taken;

    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.in);
    private boolean open = true;

    private InheritedLink() {}

    /** The inherited link, to the first who asks; null when there is none, or none any more. */
    static synchronized @Nullable FrameChannel take() {
        if (taken || System.getProperty("bunctl.stdin") == null) {
            return null;
        }
        taken = true;
        return new FrameChannel(new InheritedLink());
    }

    /** Standard input, wherever it is. */
    static FileInputStream standardInput() throws IOException {
        String moved = System.getProperty("bunctl.stdin");
        return moved == null
                ? new FileInputStream(FileDescriptor.in)
                : new FileInputStream("/proc/self/fd/".concat(moved));
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int read = in.read(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        if (read > 0) {
            buffer.position(buffer.position() + read);
        }
        return read;
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        int length = buffer.remaining();
        out.write(buffer.array(), buffer.arrayOffset() + buffer.position(), length);
        buffer.position(buffer.limit());
        return length;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        in.close();
    }
}
