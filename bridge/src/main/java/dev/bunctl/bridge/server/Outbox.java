package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What waits to be taken by one connection: bounded, and with a notice of what was dropped. */
final class Outbox {
    /** A client that is cut off has so long to read what was sent to it, in milliseconds. */
    static final long CUT_AFTER = 5_000;

    private final Vertx vertx;
    private final NetSocket socket;
    private final BridgeLimits limits;
    private final Backlog all;
    private final Runnable drained;
    private long queuedBytes;
    private long dropped;

    /** What waits for all connections of a server together: many slow ones must not fill the heap either. */
    static final class Backlog {
        /** Bytes that may wait for all of them; what one alone may have is never less. */
        static final long MAX = 32L << 20;

        private long bytes;

        private boolean takes(long more) {
            return bytes + more <= MAX;
        }
    }

    /** @param all what waits for the others of the same server too */
    Outbox(Vertx vertx, NetSocket socket, BridgeLimits limits, Backlog all, Runnable drained) {
        this.all = all;
        this.vertx = vertx;
        this.socket = socket;
        this.limits = limits;
        this.drained = drained;
    }

    /** Whether so much waits that nothing more should be read. */
    boolean isFull() {
        return queuedBytes >= limits.pausedAtBytes();
    }

    /** Sends a frame that may be lost; false when the client is too slow: it is dropped then, and announced later. */
    boolean offer(Map<String, ? extends @Nullable Object> frame) {
        byte[] body = Json.writeBytes(frame);
        if (!takes(body)) {
            dropped++;
            return false;
        }
        write(body);
        return true;
    }

    /** Sends a frame that must not be lost; false when the client is too slow, which ends the connection. */
    boolean send(Map<String, ? extends @Nullable Object> frame) {
        byte[] body = Json.writeBytes(frame);
        if (!takes(body)) {
            return false;
        }
        write(body);
        return true;
    }

    private boolean takes(byte[] body) {
        return queuedBytes + body.length <= limits.queuedBytes() && all.takes(body.length);
    }

    /** Sends the last frame of a connection, over any limit, then closes it. */
    void closeWith(Map<String, ? extends @Nullable Object> frame) {
        closeWith(vertx, socket, encoded(Json.writeBytes(frame)));
    }

    /** Sends the last bytes of a connection, then closes it; in {@value #CUT_AFTER} ms at the latest. */
    static void closeWith(Vertx vertx, NetSocket socket, Buffer last) {
        ChannelHandlerContext channel = ((NetSocketInternal) socket).channelHandlerContext();
        long cut = vertx.setTimer(CUT_AFTER, expired -> {
            var _ = channel.close();
        });
        var _ = socket.end(last).onComplete(ended -> vertx.cancelTimer(cut));
    }

    static Buffer encoded(byte[] body) {
        return Buffer.buffer(body.length + Protocol.HEADER_BYTES)
                .appendInt(body.length)
                .appendBytes(body);
    }

    private void write(byte[] body) {
        queuedBytes += body.length;
        all.bytes += body.length;
        var _ = socket.write(encoded(body)).onComplete(written -> {
            queuedBytes -= body.length;
            all.bytes -= body.length;
            if (written.succeeded()) {
                afterWrite();
            }
        });
    }

    private void afterWrite() {
        if (isFull()) {
            return;
        }
        if (dropped > 0) {
            Map<String, @Nullable Object> notice = new LinkedHashMap<>();
            notice.put("type", "err");
            notice.put("message", "slow_consumer");
            notice.put("dropped", dropped);
            dropped = 0;
            write(Json.writeBytes(notice));
        }
        drained.run();
    }
}
