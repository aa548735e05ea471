package dev.bunctl.verticles.edge;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Protocol;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the public protocol, a frame at a time. */
final class Client {
    static final String SESSION = "0123456789abcdef0123456789abcdef";

    final StringBuilder out = new StringBuilder();
    final StringBuilder err = new StringBuilder();
    private final FrameChannel frames;

    private final String session;

    Client(Path socket) throws IOException {
        this(socket, SESSION);
    }

    Client(Path socket, String session) throws IOException {
        this.session = session;
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        frames = new FrameChannel(channel);
    }

    void register(String address) throws IOException {
        send(Map.of("type", "register", "address", address));
    }

    void send(Map<String, ? extends @Nullable Object> frame) throws IOException {
        frames.send(frame);
    }

    void send(String address, Map<String, ?> body) throws IOException {
        frames.send(Map.of("type", "send", "address", address, "replyAddress", "r1", "body", body));
    }

    /** Sends a command line, with a session when asked for. */
    void run(boolean session, String... argv) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("version", 1L);
        body.put("argv", List.of(argv));
        if (session) {
            register(Protocol.SESSION_PREFIX + this.session);
            body.put("session", this.session);
        }
        send(Protocol.ARGV, body);
    }

    /** Sends a command line with a session, and with further members of its body. */
    void run(Map<String, ?> more, String... argv) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("version", 1L);
        body.put("argv", List.of(argv));
        body.put("session", this.session);
        register(Protocol.SESSION_PREFIX + this.session);
        send(Protocol.ARGV, body);
    }

    void input(Map<String, ?> more) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("session", this.session);
        frames.send(Map.of("type", "send", "address", Protocol.INPUT, "body", body));
    }

    /** The next frame. */
    Map<String, @Nullable Object> receive() throws IOException {
        Map<String, @Nullable Object> frame = frames.receive();
        if (frame == null) {
            throw new IOException("closed");
        }
        return frame;
    }

    /** Takes in text that is sent to the session; the number of its bytes. */
    @CanIgnoreReturnValue
    int take(Map<String, @Nullable Object> frame) {
        Map<?, ?> body = body(frame);
        String more = body.get("out") instanceof String text ? text : "";
        String talk = body.get("err") instanceof String text ? text : "";
        out.append(more);
        err.append(talk);
        return more.getBytes(StandardCharsets.UTF_8).length + talk.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Takes in text that is sent to the session; the whole body. */
    Map<?, ?> takeBody(Map<String, @Nullable Object> frame) {
        take(frame);
        return body(frame);
    }

    static Map<?, ?> body(Map<String, @Nullable Object> frame) {
        if (frame.get("body") instanceof Map<?, ?> body) {
            return body;
        }
        throw new AssertionError("no body: " + frame);
    }

    /** Takes in everything up to the reply, granting credit as it goes. */
    Map<?, ?> reply() throws IOException {
        while (true) {
            Map<String, @Nullable Object> frame = receive();
            if ("r1".equals(frame.get("address"))) {
                take(frame);
                return body(frame);
            }
            input(Map.of("credit", (long) take(frame)));
        }
    }

    void close() throws IOException {
        frames.close();
    }
}
