package dev.bunctl.verticles.web;

import dev.bunctl.bridge.server.Peer;
import io.netty.channel.Channel;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashSet;
import java.util.Set;

/**
 * One page that is connected. What waits for it is bounded: published messages over that are dropped, and it is told; when
 * replies are too many, or all pages have too much waiting, it is cut off with a notice.
 */
final class PageConnection {
    private static final String SLOW = "slow_consumer";

    private final String id;
    private final WebSession session;
    private final SockJSSocket socket;
    private final Traffic traffic;
    private final PageBacklog backlog;
    private final Channel channel;
    private final Peer.Bearer peer;
    private final Set<String> addresses = new HashSet<>();
    private long queued;
    private long dropped;
    private boolean ended;

    PageConnection(String id, WebSession session, SockJSSocket socket, Traffic traffic, PageBacklog backlog) {
        this.id = id;
        this.session = session;
        this.socket = socket;
        this.traffic = traffic;
        this.backlog = backlog;
        this.channel = Visits.channel(socket.routingContext().request().connection());
        this.peer = session.peer(socket.remoteAddress().hostAddress());
        var _ = channel.pipeline().addBefore(PageFrames.AFTER, null, backlog.frames(this::cutOff));
    }

    String id() {
        return id;
    }

    WebSession session() {
        return session;
    }

    Peer.Bearer peer() {
        return peer;
    }

    /** Where it is registered. */
    Set<String> addresses() {
        return addresses;
    }

    /** Characters that wait to be taken. */
    long queued() {
        return queued;
    }

    /** Ends it, when what waits is taken, but soon. */
    void close() {
        if (!ended) {
            ends();
            backlog.leaves(channel);
            socket.close();
        }
    }

    /** Ends it for being too slow. */
    void cutOff() {
        cutOff(SLOW);
    }

    private void cutOff(String why) {
        if (!ended) {
            ends();
            traffic.cut();
            var _ = socket.write(error(why + ": connection closed").encode());
            backlog.leaves(channel);
            // To close now would discard what is on its way to the context of the socket.
            backlog.afterwards(socket::close);
        }
    }

    /** It is closed, or about to be. */
    void ends() {
        if (!ended) {
            ended = true;
            settle(queued);
        }
    }

    /** Sends what came from the event bus, without the headers that are between daemon and bridge. */
    void deliver(JsonObject envelope) {
        if (ended) {
            return;
        }
        envelope.remove("headers");
        boolean published = addresses.contains(envelope.getString("address"));
        String text = envelope.encode();
        if (published && queued + text.length() > backlog.limits().queued()) {
            dropped++;
            traffic.dropped();
        } else if (queued > 0 && queued + text.length() > backlog.limits().queuedReplies()) {
            cutOff();
        } else {
            write(text);
        }
    }

    private void write(String text) {
        int length = text.length();
        queued += length;
        backlog.add(length);
        traffic.sent();
        var _ = socket.write(text).onComplete(written -> {
            if (!ended) {
                settle(length);
                if (written.succeeded()) {
                    announceDropped();
                }
            }
        });
    }

    private void settle(long taken) {
        queued -= taken;
        backlog.add(-taken);
    }

    private void announceDropped() {
        if (dropped > 0 && queued < backlog.limits().queued() / 2) {
            long lost = dropped;
            dropped = 0;
            write(error(SLOW).put("dropped", lost).encode());
        }
    }

    private static JsonObject error(String message) {
        return new JsonObject().put("type", "err").put("message", message);
    }
}
