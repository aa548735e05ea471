package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.FrameChannel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A bridge on a Unix socket of its own. */
final class BridgeFixture implements AutoCloseable {
    static final String ECHO = "test.echo";
    static final String FAIL = "test.fail";
    static final String SILENT = "test.silent";
    static final String NEWS = "test.news.today";

    static final Permissions PERMISSIONS = new Permissions(
            List.of(
                    new Permissions.Exact(ECHO),
                    new Permissions.Exact(FAIL),
                    new Permissions.Exact(SILENT),
                    new Permissions.Exact("test.nobody"),
                    new Permissions.Prefix("test.news.")),
            List.of(new Permissions.Prefix("test.news."), new Permissions.Session()));

    /** What the listener was told of one connection. */
    record Closed(String connection, Peer peer, Set<String> addresses) {}

    final Vertx vertx;
    private final Context loop;
    final BridgeServer server;
    final Path path;
    final BlockingQueue<Closed> closed = new LinkedBlockingQueue<>();
    final BlockingQueue<Message<Object>> silent = new LinkedBlockingQueue<>();

    BridgeFixture(Path folder) throws Exception {
        this(folder, BridgeLimits.DEFAULT);
    }

    BridgeFixture(Path folder, BridgeLimits limits) throws Exception {
        this(
                Vertx.builder()
                        .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
                        .build(),
                folder.resolve("bridge.sock"),
                limits);
    }

    BridgeFixture(Vertx vertx, Path path, BridgeLimits limits) throws Exception {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.path = path;
        this.server = new BridgeServer(
                vertx, limits, PERMISSIONS, (id, peer, addresses) -> closed.add(new Closed(id, peer, addresses)));
        vertx.eventBus().localConsumer(ECHO, message -> message.reply(message.body()));
        vertx.eventBus().localConsumer(FAIL, message -> message.fail(42, "no"));
        vertx.eventBus().localConsumer(SILENT, silent::add);
        await(server.listen(SocketAddress.domainSocketAddress(path.toString())));
    }

    /** Lets clients in over TCP too, with the limits for them; returns the port. */
    int listen(TcpAccess access) throws Exception {
        BridgeServer remote =
                new BridgeServer(vertx, access, BridgeLimits.REMOTE, PERMISSIONS, ConnectionListener.NONE);
        return await(remote.listen());
    }

    FrameChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        return new FrameChannel(channel);
    }

    /** Shows that a connection still works: what was sent before has been read when this returns. */
    static void assertUsable(FrameChannel client) throws IOException {
        client.send(Map.of("type", "ping"));
        Map<String, ?> answer = client.receive();
        if (answer == null || !Map.of("type", "pong").equals(answer)) {
            throw new AssertionError("pong expected, not " + answer);
        }
    }

    /** Asks something on the server's event loop. */
    <T> T onLoop(Callable<T> question) throws Exception {
        Promise<T> answer = Promise.promise();
        loop.runOnContext(_ -> {
            try {
                answer.complete(question.call());
            } catch (Exception failure) {
                answer.fail(failure);
            }
        });
        return await(answer.future());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
