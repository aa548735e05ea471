package dev.bunctl.verticles.supervisor.channel;

import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/** Where the processes of one program reach the daemon by messages. On one event loop. */
final class MessageSocket {
    /** Most bytes of a line: 65,536 characters of three bytes each, in quotes and braces. */
    static final int MAX_LINE = 3 * 65_536 + 64;

    /** Most connections at once; a program needs one. */
    static final int MAX_CONNECTIONS = 8;

    private static final System.Logger LOG = System.getLogger(MessageSocket.class.getName());
    private static final int ROOT = 0;

    private final Path path;
    private final int user;
    private final Listener listener;
    private final NetServer server;
    private final Set<NetSocket> connected = new HashSet<>(2);
    private boolean isReady;
    private boolean hasComplained;

    /** Told what happens, on the event loop. */
    interface Listener {
        void connected();

        void ready();
    }

    private MessageSocket(Vertx vertx, Path path, int user, Listener listener) {
        this.path = path;
        this.user = user;
        this.listener = listener;
        this.server = vertx.createNetServer().connectHandler(this::accept);
    }

    /**
     * Begins to listen. What lies at the path is replaced.
     *
     * @param user who may connect, besides root
     */
    static Future<MessageSocket> listen(Vertx vertx, Path path, int user, Listener listener) {
        MessageSocket socket = new MessageSocket(vertx, path, user, listener);
        return vertx.executeBlocking(() -> Files.deleteIfExists(path), false)
                .compose(_ -> socket.server.listen(SocketAddress.domainSocketAddress(path.toString())))
                .compose(_ -> vertx.executeBlocking(() -> giveTo(path, user), false))
                .map(socket);
    }

    private static Path giveTo(Path path, int user) throws IOException {
        Path _ = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return (int) Files.getAttribute(path, "unix:uid") == user ? path : Files.setAttribute(path, "unix:uid", user);
    }

    boolean hasListeners() {
        return !connected.isEmpty();
    }

    /** Sends a message to whoever is connected; false when nobody is. */
    boolean send(String message) {
        Buffer line = new JsonObject()
                .put("type", "message")
                .put("data", message)
                .toBuffer()
                .appendString("\n");
        connected.forEach(socket -> {
            Future<Void> _ = socket.write(line)
                    .onFailure(cause -> LOG.log(System.Logger.Level.DEBUG, path + ": a message was lost", cause));
        });
        return hasListeners();
    }

    Future<Void> close() {
        return server.close();
    }

    private void accept(NetSocket socket) {
        if (connected.size() >= MAX_CONNECTIONS || !isExpected(socket)) {
            refuse(socket, "too many, or of another user");
            return;
        }
        connected.add(socket);
        socket.closeHandler(_ -> connected.remove(socket));
        RecordParser lines = RecordParser.newDelimited("\n", line -> take(socket, line))
                .maxRecordSize(MAX_LINE)
                .exceptionHandler(cause -> refuse(socket, String.valueOf(cause.getMessage())));
        // Once it is known to be ready, nothing that it says means anything here.
        socket.handler(chunk -> {
            if (!isReady) {
                lines.handle(chunk);
            }
        });
        socket.exceptionHandler(cause -> refuse(socket, String.valueOf(cause.getMessage())));
        listener.connected();
    }

    private void refuse(NetSocket socket, String why) {
        // Once: a program that goes on must not fill the log.
        if (!hasComplained) {
            hasComplained = true;
            LOG.log(System.Logger.Level.WARNING, "{0}: a connection is ended: {1}", path, why);
        }
        Future<Void> _ = socket.close();
    }

    private void take(NetSocket socket, Buffer line) {
        try {
            if (saysReady(new JsonObject(line)) && !isReady) {
                isReady = true;
                listener.ready();
            }
        } catch (DecodeException | ClassCastException malformed) {
            refuse(socket, String.valueOf(malformed.getMessage()));
        }
    }

    private static boolean saysReady(JsonObject line) {
        return switch (line.getString("type", "")) {
            case "hello" -> line.getBoolean("ready", false);
            case "message" -> "ready".equals(line.getValue("data"));
            default -> false;
        };
    }

    /** Asks the kernel who connected. */
    private boolean isExpected(NetSocket socket) {
        if (!(((NetSocketInternal) socket).channelHandlerContext().channel()
                instanceof EpollDomainSocketChannel unix)) {
            return false;
        }
        try {
            int peer = unix.peerCredentials().uid();
            return peer == user || peer == ROOT;
        } catch (IOException goneAlready) {
            return false;
        }
    }
}
