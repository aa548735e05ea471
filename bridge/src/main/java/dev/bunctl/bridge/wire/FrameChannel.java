package dev.bunctl.bridge.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a blocking channel: a big-endian 32-bit length, then that many bytes of JSON. One thread may send while
 * another receives; each side alone is for one thread.
 */
public final class FrameChannel implements Closeable {
    private static final int INITIAL_BUFFER = 16 << 10;

    private final ByteChannel channel;
    private final int maxFrame;
    private ByteBuffer in = ByteBuffer.allocate(INITIAL_BUFFER).limit(0);

    /** Takes over an open channel; frames both ways are limited to {@link Protocol#MAX_FRAME}. */
    public FrameChannel(ByteChannel channel) {
        this(channel, Protocol.MAX_FRAME);
    }

    /** Takes over an open channel; frame bodies both ways are limited to {@code maxFrame} bytes. */
    public FrameChannel(ByteChannel channel, int maxFrame) {
        this.channel = channel;
        this.maxFrame = maxFrame;
    }

    /**
     * Sends frames, in one write where the channel takes it.
     *
     * @throws WireException when one is over the limit; nothing has been sent then
     */
    @SafeVarargs
    public final void send(Map<String, ? extends @Nullable Object>... frames) throws IOException {
        byte[][] bodies = new byte[frames.length][];
        int total = 0;
        for (int i = 0; i < frames.length; i++) {
            bodies[i] = Json.writeBytes(frames[i]);
            if (bodies[i].length > maxFrame) {
                throw new WireException("a frame of " + bodies[i].length + " bytes is over the limit of " + maxFrame);
            }
            total += Protocol.HEADER_BYTES + bodies[i].length;
        }
        ByteBuffer out = ByteBuffer.allocate(total);
        for (byte[] body : bodies) {
            out.putInt(body.length).put(body);
        }
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /**
     * Waits for the next frame.
     *
     * @return null when the other side has closed between two frames
     * @throws WireException when it closed within one, when one is over the limit, or is no JSON object
     */
    public @Nullable Map<String, @Nullable Object> receive() throws IOException {
        if (!filled(Protocol.HEADER_BYTES)) {
            if (in.hasRemaining()) {
                throw new WireException("the connection was closed within a frame");
            }
            return null;
        }
        int length = in.getInt();
        if (length < 0 || length > maxFrame) {
            throw new WireException(
                    "a frame of " + (length & 0xffff_ffffL) + " bytes is over the limit of " + maxFrame);
        }
        if (!filled(length)) {
            throw new WireException("the connection was closed within a frame");
        }
        int offset = in.position();
        in.position(offset + length);
        return Json.readObject(in.array(), offset, length);
    }

    /** Reads until so many bytes are there; false when the other side closed before. */
    private boolean filled(int count) throws IOException {
        while (in.remaining() < count) {
            makeRoom(count);
            int position = in.position();
            int limit = in.limit();
            in.limit(in.capacity()).position(limit);
            int read = channel.read(in);
            in.limit(in.position()).position(position);
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    private void makeRoom(int count) {
        if (in.capacity() - in.position() >= count && in.limit() < in.capacity()) {
            return;
        }
        int left = in.remaining();
        byte[] from = in.array();
        byte[] to = count > in.capacity() ? new byte[count] : from;
        System.arraycopy(from, in.position(), to, 0, left);
        in = ByteBuffer.wrap(to).limit(left);
    }

    /** Closes the channel. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
