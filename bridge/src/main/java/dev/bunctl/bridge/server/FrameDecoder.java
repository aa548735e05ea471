package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into frames. Memory grows with the bytes that have come, not with the length that a client
 * announces; the body of a frame over the limit is skipped, never kept.
 */
final class FrameDecoder {
    private static final int FIRST_CAPACITY = 512;

    private static final Sink NOBODY = new Sink() {
        @Override
        public void frame(byte[] bytes, int length) {
            throw new IllegalStateException("nobody takes frames yet");
        }

        @Override
        public void oversized(long length) {
            throw new IllegalStateException("nobody takes frames yet");
        }
    };

    private int maxFrame;
    private Sink sink;
    private final byte[] header = new byte[Protocol.HEADER_BYTES];
    private int headerBytes;
    private byte[] body = new byte[0];
    private int bodyBytes;
    private int bodyLength;
    private long toSkip;

    /** Frames go nowhere until somebody takes them, see {@link #handOver}. */
    FrameDecoder(int maxFrame) {
        this.maxFrame = maxFrame;
        this.sink = NOBODY;
    }

    /** From the next frame on, other limits and another taker. */
    void handOver(int newMaxFrame, Sink newSink) {
        maxFrame = newMaxFrame;
        sink = newSink;
    }

    /** Takes what was cut. */
    interface Sink {
        /** A whole body; the array is reused, so it is valid during the call only. */
        void frame(byte[] bytes, int length);

        /** A frame over the limit begins; its body is being skipped. */
        void oversized(long length);
    }

    void accept(Buffer chunk) {
        int at = 0;
        int length = chunk.length();
        while (at < length) {
            if (toSkip > 0) {
                int skipped = (int) Math.min(toSkip, length - at);
                toSkip -= skipped;
                at += skipped;
            } else if (headerBytes < Protocol.HEADER_BYTES) {
                header[headerBytes++] = chunk.getByte(at++);
                headerComplete();
            } else {
                at += takeBody(chunk, at, length);
            }
        }
    }

    private void headerComplete() {
        if (headerBytes < Protocol.HEADER_BYTES) {
            return;
        }
        long announced = ((header[0] & 0xffL) << 24)
                | ((header[1] & 0xffL) << 16)
                | ((header[2] & 0xffL) << 8)
                | (header[3] & 0xffL);
        if (announced > maxFrame) {
            headerBytes = 0;
            toSkip = announced;
            sink.oversized(announced);
            return;
        }
        bodyLength = (int) announced;
        bodyBytes = 0;
        if (bodyLength == 0) {
            complete();
        }
    }

    private int takeBody(Buffer chunk, int at, int length) {
        int taken = Math.min(bodyLength - bodyBytes, length - at);
        if (bodyBytes + taken > body.length) {
            int doubled = Math.max(FIRST_CAPACITY, Math.max(body.length * 2, bodyBytes + taken));
            body = Arrays.copyOf(body, Math.min(bodyLength, doubled));
        }
        chunk.getBytes(at, at + taken, body, bodyBytes);
        bodyBytes += taken;
        if (bodyBytes == bodyLength) {
            complete();
        }
        return taken;
    }

    /** Hands the body over and lets go of a large one, so that an idle connection holds no memory. */
    private void complete() {
        byte[] whole = body;
        int length = bodyLength;
        headerBytes = 0;
        body = new byte[0];
        sink.frame(whole, length);
    }
}
