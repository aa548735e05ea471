package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Json;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private final BridgeTraffic traffic;
    private final @Nullable TcpAccess access;
    private @Nullable ServerSSLOptions encryption;
    private final Set<BridgeConnection> connections = new HashSet<>();
    private final Map<String, BridgeConnection> owners = new HashMap<>();
    private final Outbox.Backlog backlog;
    private final Set<Login> logins = new LinkedHashSet<>();

    /** Makes a server for Unix clients, who are who the kernel says. */
    public BridgeServer(Vertx vertx, BridgeLimits limits, Permissions permissions, ConnectionListener listener) {
        this(vertx, new NetServerOptions(), limits, permissions, listener, null);
    }

    /** Makes a server for TCP clients, who show a token first. */
    public BridgeServer(
            Vertx vertx, TcpAccess access, BridgeLimits limits, Permissions permissions, ConnectionListener listener) {
        this(vertx, access.options(), limits, permissions, listener, access);
    }

    private BridgeServer(
            Vertx vertx,
            NetServerOptions options,
            BridgeLimits limits,
            Permissions permissions,
            ConnectionListener listener,
            @Nullable TcpAccess access) {
        this.vertx = vertx;
        this.server = vertx.createNetServer(options);
        this.limits = limits;
        this.backlog = new Outbox.Backlog(limits.queuedAllBytes());
        this.permissions = permissions;
        this.listener = listener;
        this.traffic = listener.traffic();
        this.access = access;
        this.server.connectHandler(this::connected);
    }

    /** Begins to accept Unix clients at an address, see {@link InheritedSocketTransport} for one that is bound already. */
    public Future<Void> listen(SocketAddress address) {
        if (!address.isDomainSocket() || access != null) {
            return Future.failedFuture(new IllegalArgumentException("a Unix socket expected, not " + address));
        }
        return server.listen(address).mapEmpty();
    }

    /**
     * Begins to accept TCP clients; the result is the port.
     *
     * @return fails with an {@link IllegalArgumentException} when the files of its TLS cannot be used
     */
    public Future<Integer> listen() {
        TcpAccess tcp = access;
        if (tcp == null) {
            return Future.failedFuture(new IllegalStateException("a server for Unix clients has no port"));
        }
        Future<Optional<ServerSSLOptions>> read = tcp.tls().isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : vertx.executeBlocking(() -> tcp.encryption(vertx));
        return read.compose(options -> {
            encryption = options.orElse(null);
            return server.listen().map(NetServer::actualPort);
        });
    }

    /** Closes every connection and accepts no more. */
    public Future<Void> close() {
        return server.close();
    }

    /** How many clients are connected now. */
    public int connections() {
        return connections.size();
    }

    Outbox.Backlog backlog() {
        return backlog;
    }

    BridgeTraffic traffic() {
        return traffic;
    }

    BridgeLimits limits() {
        return limits;
    }

    Permissions permissions() {
        return permissions;
    }

    /** Ends the connections of some peers, with a word why. */
    public void disconnect(Predicate<Peer> peers, String why) {
        List.copyOf(connections).stream()
                .filter(connection -> peers.test(connection.peer()))
                .forEach(connection -> connection.end(why));
    }

    private void connected(NetSocket socket) {
        if (connections.size() >= limits.connections()) {
            turnAway(socket, "too_many_connections: at most " + limits.connections());
        } else if (access != null) {
            awaitLogin(socket, access.authenticator());
        } else {
            Optional<Peer> peer = peer(socket);
            if (peer.isPresent()) {
                serve(socket, peer.get(), null);
            } else {
                turnAway(socket, "unknown_peer");
            }
        }
    }

    /** Who stays silent gives way to who comes later: nobody can keep others out by connecting alone. */
    private void awaitLogin(NetSocket socket, Authenticator tokens) {
        if (logins.size() >= Login.MAX) {
            logins.iterator().next().giveWay();
        }
        FrameDecoder decoder = new FrameDecoder(Login.MAX_FRAME);
        Login login = new Login(vertx, socket, tokens, peer -> admit(socket, peer, decoder), this::loggedIn);
        logins.add(login);
        socket.closeHandler(closed -> login.close());
        socket.exceptionHandler(failure -> {
            login.close();
            var _ = socket.close();
        });
        decoder.handOver(Login.MAX_FRAME, login);
        ServerSSLOptions options = encryption;
        Future<Void> clear = options == null ? Future.succeededFuture() : socket.upgradeToSsl(options);
        clear.onFailure(_ -> login.giveWay()).onSuccess(_ -> {
            login.listen();
            socket.handler(decoder::accept);
        });
    }

    private void loggedIn(Login login, Optional<String> refusal) {
        logins.remove(login);
        refusal.ifPresent(why -> listener.turnedAway(login.from(), why));
    }

    private void admit(NetSocket socket, Peer peer, FrameDecoder decoder) {
        if (connections.size() >= limits.connections()) {
            refuse(socket, "too_many_connections: at most " + limits.connections());
            return;
        }
        listener.admitted(peer);
        serve(socket, peer, decoder);
    }

    /** Serves a client; one that logged in goes on with the decoder it began with. */
    private void serve(NetSocket socket, Peer peer, @Nullable FrameDecoder begun) {
        String id = Long.toString(LAST_CONNECTION.incrementAndGet());
        BridgeConnection connection = new BridgeConnection(id, peer, this, socket, vertx);
        connections.add(connection);
        traffic.opened();
        FrameDecoder decoder = begun == null ? new FrameDecoder(limits.frameBytes()) : begun;
        decoder.handOver(limits.frameBytes(), connection);
        socket.handler(chunk -> {
            decoder.accept(chunk);
            connection.afterRead();
        });
        socket.closeHandler(closed -> connection.close());
        socket.exceptionHandler(failure -> {
            connection.close();
            var _ = socket.close();
        });
    }

    /** Before TLS nothing can be said to a client that expects it. */
    private void turnAway(NetSocket socket, String message) {
        if (encryption == null) {
            refuse(socket, message);
        } else {
            var _ = socket.close();
        }
    }

    private void refuse(NetSocket socket, String message) {
        Outbox.closeWith(vertx, socket, Outbox.encoded(Json.writeBytes(Map.of("type", "err", "message", message))));
    }

    /** Who runs this daemon; asked once. Nobody's number where this host does not tell: then root alone may do all. */
    private static final class Owner {
        static final int UID = find();
        private static final int NOBODY = -1;

        private static int find() {
            try {
                return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid ? uid : NOBODY;
            } catch (IOException untold) {
                return NOBODY;
            }
        }
    }

    /** Asks the kernel who connected; empty when it will not say. */
    private static Optional<Peer> peer(NetSocket socket) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        if (!(channel instanceof EpollDomainSocketChannel unix)) {
            return Optional.empty();
        }
        try {
            PeerCredentials credentials = unix.peerCredentials();
            return Optional.of(Peer.Local.of(credentials.uid(), credentials.gids()[0], credentials.pid(), Owner.UID));
        } catch (IOException goneAlready) {
            return Optional.empty();
        }
    }

    /** Takes an address that only one connection may have; true when it may be registered. */
    boolean claim(String address, BridgeConnection connection) {
        return !permissions.isExclusive(address) || owners.putIfAbsent(address, connection) == null;
    }

    void registered(String address, BridgeConnection connection) {
        listener.registered(connection.peer(), address);
    }

    void registrationRefused(String address, BridgeConnection connection, String why) {
        listener.registrationRefused(connection.peer(), address, why);
    }

    void unregistered(String address, BridgeConnection connection) {
        release(address, connection);
        listener.unregistered(address);
    }

    private void release(String address, BridgeConnection connection) {
        owners.remove(address, connection);
    }

    void closed(BridgeConnection connection, Set<String> addresses) {
        addresses.forEach(address -> release(address, connection));
        connections.remove(connection);
        traffic.closed();
        listener.closed(connection.id(), connection.peer(), addresses);
    }
}
