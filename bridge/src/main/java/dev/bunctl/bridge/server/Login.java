package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.bridge.wire.WireException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A TCP client that has not shown its token yet: it may do nothing else, and not for long. */
final class Login implements FrameDecoder.Sink {
    /** So long a client may take to log in, in milliseconds. */
    static final long TIMEOUT = 10_000;

    /** Clients that have not shown their token yet, at one time. */
    static final int MAX = 64;

    /** Largest frame of a client that has not logged in, in bytes. */
    static final int MAX_FRAME = 4096;

    private final Vertx vertx;
    private final NetSocket socket;
    private final Authenticator authenticator;
    private final Consumer<Peer> admitted;
    private final BiConsumer<Login, Optional<String>> ended;
    private final long timer;
    private boolean listening;
    private boolean over;

    /**
     * Begins to wait for the login.
     *
     * @param admitted takes the client over; called within {@link #frame}
     * @param ended is called once, with why the client was refused, or nothing when it was admitted or has gone
     */
    Login(
            Vertx vertx,
            NetSocket socket,
            Authenticator authenticator,
            Consumer<Peer> admitted,
            BiConsumer<Login, Optional<String>> ended) {
        this.vertx = vertx;
        this.socket = socket;
        this.authenticator = authenticator;
        this.admitted = admitted;
        this.ended = ended;
        this.timer = vertx.setTimer(TIMEOUT, expired -> expire());
    }

    @Override
    public void oversized(long length) {
        refuse("login_required");
    }

    @Override
    public void frame(byte[] bytes, int length) {
        if (over) {
            return;
        }
        Map<String, @Nullable Object> frame;
        try {
            frame = Json.readObject(bytes, 0, length);
        } catch (WireException malformed) {
            refuse("invalid_json: " + malformed.getMessage());
            return;
        }
        boolean isLogin = "send".equals(frame.get("type")) && Protocol.LOGIN.equals(frame.get("address"));
        if (!isLogin
                || !(frame.get("body") instanceof Map<?, ?> body)
                || !(body.get("token") instanceof String token)) {
            refuse("login_required");
            return;
        }
        Optional<Peer.Bearer> peer = authenticator.authenticate(token, from());
        if (peer.isEmpty()) {
            refuse("login_refused");
            return;
        }
        end(Optional.empty());
        if (frame.get("replyAddress") instanceof String replyAddress) {
            var _ = socket.write(Outbox.encoded(Json.writeBytes(welcome(replyAddress, peer.get()))));
        }
        admitted.accept(peer.get());
    }

    private static Map<String, @Nullable Object> welcome(String replyAddress, Peer.Bearer peer) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", (long) Protocol.VERSION);
        body.put("name", peer.name());
        body.put("role", peer.role().name().toLowerCase(Locale.ROOT));
        Map<String, @Nullable Object> frame = new LinkedHashMap<>();
        frame.put("type", "message");
        frame.put("address", replyAddress);
        frame.put("headers", Map.of());
        frame.put("send", true);
        frame.put("body", body);
        return frame;
    }

    /** In the middle of a TLS handshake nothing can be said. */
    private void expire() {
        if (listening) {
            refuse("login_timeout");
        } else {
            giveWay();
        }
    }

    /** One try a connection: whoever fails is told so and cut off. */
    private void refuse(String message) {
        if (over) {
            return;
        }
        end(Optional.of(message));
        Buffer last = Outbox.encoded(Json.writeBytes(Map.of("type", "err", "message", message)));
        Outbox.closeWith(vertx, socket, last);
    }

    /** From now on the client is understood: nothing stands between it and its frames. */
    void listen() {
        listening = true;
    }

    /** Where the client is. */
    String from() {
        SocketAddress address = socket.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "unknown" : host;
    }

    /** Cuts the client off without a word. */
    void giveWay() {
        close();
        var _ = socket.close();
    }

    /** The client has gone. */
    void close() {
        end(Optional.empty());
    }

    private void end(Optional<String> refusal) {
        if (!over) {
            over = true;
            var _ = vertx.cancelTimer(timer);
            ended.accept(this, refusal);
        }
    }
}
