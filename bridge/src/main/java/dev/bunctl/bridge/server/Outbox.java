package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
    private final Runnable cut;
    private long queuedBytes;
    private long dropped;
    private boolean settled;

    /**
     * What waits for all connections of a server together: many slow ones must not fill the heap, nor keep from the others what is
     * theirs.
     */
    static final class Backlog {
        private final long max;
        private final Set<Outbox> waiting = new HashSet<>();
        private long bytes;
        private @Nullable Outbox leaving;

        /** @param max bytes that may wait for all; over it the connection with the most is cut off */
        Backlog(long max) {
            this.max = max;
        }

        /** Bytes that wait. */
        long bytes() {
            return bytes;
        }

        private void add(Outbox outbox, long more) {
            bytes += more;
            if (outbox.queuedBytes > 0) {
                waiting.add(outbox);
            } else {
                waiting.remove(outbox);
            }
        }

        /** What still waits for one that is cut off counts no more, so only the last of them may keep it for a while. */
        private void bound() {
            while (bytes > max) {
                Outbox fullest = Collections.max(waiting, Comparator.comparingLong(outbox -> outbox.queuedBytes));
                fullest.settle();
                fullest.cut.run();
                if (leaving != null) {
                    leaving.closeNow();
                }
                leaving = fullest;
            }
        }
    }

    /**
     * @param all what waits for the others of the same server too
     * @param drained is run when so little waits that more may be read
     * @param cut is run when this one is to be ended for the sake of the others
     */
    Outbox(Vertx vertx, NetSocket socket, BridgeLimits limits, Backlog all, Runnable drained, Runnable cut) {
        this.all = all;
        this.vertx = vertx;
        this.socket = socket;
        this.limits = limits;
        this.drained = drained;
        this.cut = cut;
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
        return queuedBytes + body.length <= limits.queuedBytes();
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

    private void closeNow() {
        ChannelHandlerContext outermost =
                ((NetSocketInternal) socket).channelHandlerContext().pipeline().firstContext();
        if (outermost != null) {
            // TLS would say farewell first, and wait for that to be taken.
            var _ = outermost.close();
        }
    }

    private void write(byte[] body) {
        count(body.length);
        var _ = socket.write(encoded(body)).onComplete(written -> {
            if (!settled) {
                count(-body.length);
                if (written.succeeded()) {
                    afterWrite();
                }
            }
        });
        all.bound();
    }

    private void count(long more) {
        queuedBytes += more;
        all.add(this, more);
    }

    private void settle() {
        settled = true;
        count(-queuedBytes);
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
