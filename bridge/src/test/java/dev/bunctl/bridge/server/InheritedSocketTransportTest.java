package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.FrameChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InheritedSocketTransportTest {
    private static Socket listening(Path path) throws Exception {
        assertTrue(io.netty.channel.epoll.Epoll.isAvailable());
        Socket socket = Socket.newSocketDomain();
        socket.bind(new DomainSocketAddress(path.toString()));
        socket.listen(128);
        return socket;
    }

    /** As a parent does that keeps the socket for the next child. */
    @SuppressWarnings("restricted")
    private static int duplicate(Socket socket) {
        Linker linker = Linker.nativeLinker();
        MethodHandle dup = linker.downcallHandle(
                linker.defaultLookup().find("dup").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            return (int) dup.invokeExact(socket.intValue());
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Vertx vertx(Socket socket, Path path) {
        return Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1))
                .withTransport(InheritedSocketTransport.of(socket.intValue(), path))
                .build();
    }

    @Test
    void clientThatQueuedBefore_isServed_andTheFileOutlivesTheServer(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("run.sock");
        Socket socket = listening(path);
        try (FrameChannel early = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
            early.send(Map.of("type", "ping"));
            Vertx vertx = vertx(socket, path);
            BridgeFixture bridge = new BridgeFixture(vertx, path, BridgeLimits.DEFAULT);
            assertTrue(vertx.isNativeTransportEnabled());
            assertEquals(Map.of("type", "pong"), early.receive());
            try (FrameChannel late = bridge.connect()) {
                BridgeFixture.assertUsable(late);
            }
            bridge.close();
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void clientThatComesWhileAServerCloses_isLeftToTheNext(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("run.sock");
        Socket socket = listening(path);
        Socket kept = new Socket(duplicate(socket));
        Vertx first = vertx(socket, path);
        BridgeFixture closing = new BridgeFixture(first, path, BridgeLimits.DEFAULT);
        BridgeFixture.await(InheritedSocketTransport.stopAccepting(first));
        try (FrameChannel client = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
            client.send(Map.of("type", "ping"));
            closing.close();
            try (BridgeFixture _ = new BridgeFixture(vertx(kept, path), path, BridgeLimits.DEFAULT)) {
                assertEquals(Map.of("type", "pong"), client.receive());
            }
        }
    }

    @Test
    void firstListenElsewhere_isRefused(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("run.sock");
        Socket socket = listening(path);
        Vertx vertx = vertx(socket, path);
        try {
            BridgeServer server =
                    new BridgeServer(vertx, BridgeLimits.DEFAULT, Permissions.PUBLIC, ConnectionListener.NONE);
            var listening = server.listen(SocketAddress.domainSocketAddress(
                    folder.resolve("other.sock").toString()));
            ExecutionException refused = assertThrows(ExecutionException.class, () -> BridgeFixture.await(listening));
            assertTrue(String.valueOf(refused.getMessage()).contains("the inherited socket is"));
        } finally {
            BridgeFixture.await(vertx.close());
        }
    }

    @Test
    void furtherUnixServers_bindAsUsual(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("run.sock");
        Vertx vertx = vertx(listening(path), path);
        try (BridgeFixture first = new BridgeFixture(vertx, path, BridgeLimits.DEFAULT)) {
            BridgeServer second =
                    new BridgeServer(vertx, BridgeLimits.DEFAULT, Permissions.PUBLIC, ConnectionListener.NONE);
            Path other = folder.resolve("other.sock");
            BridgeFixture.await(second.listen(SocketAddress.domainSocketAddress(other.toString())));
            try (FrameChannel client = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(other)))) {
                BridgeFixture.assertUsable(client);
            }
            try (FrameChannel client = first.connect()) {
                BridgeFixture.assertUsable(client);
            }
        }
    }
}
