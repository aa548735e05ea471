package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Json;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets clients take part in the event bus with the standard Vert.x TCP bridge protocol. Frames over the limit, malformed
 * ones and those of an unknown type are answered with an {@code err} frame and leave the connection usable. Made and listened on
 * one event-loop context, on which everything then happens.
 */
public final class BridgeServer {
    private static final AtomicLong LAST_CONNECTION = new AtomicLong();

    private final Vertx vertx;
    private final NetServer server;
    private final BridgeLimits limits;
    private final Permissions permissions;
    private final ConnectionListener listener;
    private final Set<BridgeConnection> connections = new HashSet<>();
    private final Map<String, BridgeConnection> owners = new HashMap<>();

    public BridgeServer(Vertx vertx, BridgeLimits limits, Permissions permissions, ConnectionListener listener) {
        this.vertx = vertx;
        this.server = vertx.createNetServer(new NetServerOptions());
        this.limits = limits;
        this.permissions = permissions;
        this.listener = listener;
        this.server.connectHandler(this::connected);
    }

    /** Begins to accept Unix clients at an address, see {@link InheritedSocketTransport} for one that is bound already. */
    public Future<Void> listen(SocketAddress address) {
        if (!address.isDomainSocket()) {
            return Future.failedFuture(new IllegalArgumentException("a Unix socket expected, not " + address));
        }
        return server.listen(address).mapEmpty();
    }

    /** Closes every connection and accepts no more. */
    public Future<Void> close() {
        return server.close();
    }

    /** How many clients are connected now. */
    public int connections() {
        return connections.size();
    }

    BridgeLimits limits() {
        return limits;
    }

    Permissions permissions() {
        return permissions;
    }

    private void connected(NetSocket socket) {
        Optional<Peer> peer = peer(socket);
        if (peer.isEmpty()) {
            refuse(socket, "unknown_peer");
        } else if (connections.size() >= limits.connections()) {
            refuse(socket, "too_many_connections: at most " + limits.connections());
        } else {
            serve(socket, peer.get());
        }
    }

    private void serve(NetSocket socket, Peer peer) {
        String id = Long.toString(LAST_CONNECTION.incrementAndGet());
        BridgeConnection connection = new BridgeConnection(id, peer, this, socket, vertx);
        connections.add(connection);
        socket.handler(connection::read);
        socket.closeHandler(closed -> connection.close());
        socket.exceptionHandler(failure -> {
            connection.close();
            var _ = socket.close();
        });
    }

    private static void refuse(NetSocket socket, String message) {
        byte[] body = Json.writeBytes(Map.of("type", "err", "message", message));
        var _ = socket.end(Buffer.buffer().appendInt(body.length).appendBytes(body));
    }

    /** Asks the kernel who connected; empty when it will not say. */
    private static Optional<Peer> peer(NetSocket socket) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        if (!(channel instanceof EpollDomainSocketChannel unix)) {
            return Optional.empty();
        }
        try {
            PeerCredentials credentials = unix.peerCredentials();
            return Optional.of(new Peer.Local(credentials.uid(), credentials.gids()[0], credentials.pid()));
        } catch (IOException goneAlready) {
            return Optional.empty();
        }
    }

    /** Takes an address that only one connection may have; true when it may be registered. */
    boolean claim(String address, BridgeConnection connection) {
        return !permissions.isExclusive(address) || owners.putIfAbsent(address, connection) == null;
    }

    void release(String address, BridgeConnection connection) {
        owners.remove(address, connection);
    }

    void closed(BridgeConnection connection, Set<String> addresses) {
        addresses.forEach(address -> release(address, connection));
        connections.remove(connection);
        listener.closed(connection.id(), connection.peer(), addresses);
    }
}
