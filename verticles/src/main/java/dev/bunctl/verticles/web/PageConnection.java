package dev.bunctl.verticles.web;

import dev.bunctl.bridge.server.Peer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashSet;
import java.util.Set;

/** One page that is connected. What waits for it is bounded: published messages over that are dropped, and it is told. */
final class PageConnection {
    /** Characters that wait to be taken, at which published messages are dropped. */
    static final int MAX_QUEUED = 4 << 20;

    /** The same, at which a page that does not even take replies is cut off. */
    static final int MAX_QUEUED_REPLIES = 16 << 20;

    private final String id;
    private final WebSession session;
    private final SockJSSocket socket;
    private final Traffic traffic;
    private final Peer.Bearer peer;
    private final Set<String> addresses = new HashSet<>();
    private long queued;
    private long dropped;

    PageConnection(String id, WebSession session, SockJSSocket socket, Traffic traffic) {
        this.id = id;
        this.session = session;
        this.socket = socket;
        this.traffic = traffic;
        this.peer = session.peer(socket.remoteAddress().hostAddress());
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

    void close() {
        socket.close();
    }

    /** Sends what came from the event bus, without the headers that are between daemon and bridge. */
    void deliver(JsonObject envelope) {
        envelope.remove("headers");
        boolean published = addresses.contains(envelope.getString("address"));
        String text = envelope.encode();
        if (published && queued + text.length() > MAX_QUEUED) {
            dropped++;
            traffic.dropped();
        } else if (queued + text.length() > MAX_QUEUED_REPLIES && queued > 0) {
            close();
        } else {
            write(text);
        }
    }

    private void write(String text) {
        queued += text.length();
        traffic.sent();
        var _ = socket.write(text).onComplete(written -> {
            queued -= text.length();
            if (written.succeeded() && dropped > 0 && queued < MAX_QUEUED / 2) {
                JsonObject notice = new JsonObject()
                        .put("type", "err")
                        .put("message", "slow_consumer")
                        .put("dropped", dropped);
                dropped = 0;
                write(notice.encode());
            }
        });
    }
}
