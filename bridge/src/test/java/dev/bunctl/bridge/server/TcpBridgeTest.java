package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameHelper;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpBridgeTest {
    private static final String HOST = "127.0.0.1";
    private static final String TOKEN = "bunctl_right";
    private static final Authenticator TOKENS = (token, from) ->
            token.equals(TOKEN) ? Optional.of(new Peer.Bearer("ci", Role.OPERATOR, from)) : Optional.empty();

    @TempDir
    Path folder;

    private Vertx vertx;
    private @Nullable NetClient client;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        vertx.eventBus().localConsumer(BridgeFixture.ECHO, message -> {
            Peer peer = Peer.readFrom(message.headers()).orElseThrow();
            message.reply(new JsonObject()
                    .put("who", peer.describe())
                    .put("role", peer.role().name()));
        });
    }

    @AfterEach
    void close() throws Exception {
        BridgeFixture.await(vertx.close());
    }

    private int listen(Optional<TcpAccess.Tls> tls, BridgeLimits limits) throws Exception {
        return listen(tls, limits, ConnectionListener.NONE);
    }

    private int listen(Optional<TcpAccess.Tls> tls, BridgeLimits limits, ConnectionListener listener) throws Exception {
        TcpAccess access = new TcpAccess(HOST, 0, tls, TOKENS);
        BridgeServer server = new BridgeServer(vertx, access, limits, BridgeFixture.PERMISSIONS, listener);
        return BridgeFixture.await(server.listen());
    }

    private record Registrations(BlockingQueue<String> told) implements ConnectionListener {
        @Override
        public void registered(Peer peer, String address) {
            told.add(peer.describe() + " registered " + address);
        }

        @Override
        public void registrationRefused(Peer peer, String address, String why) {
            told.add(peer.describe() + " not " + address + " " + why);
        }

        @Override
        public void closed(String connection, Peer peer, Set<String> addresses) {}
    }

    @Test
    void registrations_areTold_onceEach_withWhoItWas() throws Exception {
        Registrations listener = new Registrations(new LinkedBlockingQueue<>());
        try (FrameChannel client = connect(listen(Optional.empty(), BridgeLimits.REMOTE, listener))) {
            Map<String, String> register = Map.of("type", "register", "address", BridgeFixture.NEWS);
            client.send(login(TOKEN), register, register, Map.of("type", "register", "address", "bunctl.internal.x"));
            assertNotNull(client.receive());
            Map<String, @Nullable Object> refusal = client.receive();
            assertNotNull(refusal);
            assertEquals("access_denied", refusal.get("message"));
            assertEquals(
                    List.of(
                            "token ci from 127.0.0.1 registered " + BridgeFixture.NEWS,
                            "token ci from 127.0.0.1 not bunctl.internal.x access_denied"),
                    List.copyOf(listener.told()));
        }
    }

    private static FrameChannel connect(int port) throws Exception {
        return new FrameChannel(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    private static Map<String, Object> login(String token) {
        return Map.of(
                "type",
                "send",
                "address",
                Protocol.LOGIN,
                "replyAddress",
                "login",
                "body",
                Map.of("version", 1, "token", token));
    }

    private static Map<String, Object> echo() {
        return Map.of("type", "send", "address", BridgeFixture.ECHO, "replyAddress", "r", "body", 1);
    }

    private static void assertCutWith(String message, FrameChannel client) throws Exception {
        Map<String, @Nullable Object> frame = client.receive();
        assertEquals(Map.of("type", "err", "message", message), frame);
        assertNull(client.receive());
    }

    @Test
    void rightToken_isWelcomed_andHandedOnWithItsRole() throws Exception {
        try (FrameChannel client = connect(listen(Optional.empty(), BridgeLimits.REMOTE))) {
            client.send(login(TOKEN), echo());
            Map<String, @Nullable Object> welcome = client.receive();
            assertNotNull(welcome);
            assertEquals("login", welcome.get("address"));
            assertEquals(Map.of("version", 1L, "name", "ci", "role", "operator"), welcome.get("body"));
            Map<String, @Nullable Object> reply = client.receive();
            assertNotNull(reply);
            assertEquals(Map.of("who", "token ci from 127.0.0.1", "role", "OPERATOR"), reply.get("body"));
        }
    }

    @Test
    void wrongToken_isRefusedAndCut() throws Exception {
        try (FrameChannel client = connect(listen(Optional.empty(), BridgeLimits.REMOTE))) {
            client.send(login("bunctl_wrong"), echo());
            assertCutWith("login_refused", client);
        }
    }

    @Test
    void anythingBeforeTheLogin_isRefusedAndCut() throws Exception {
        int port = listen(Optional.empty(), BridgeLimits.REMOTE);
        for (Map<String, Object> frame : List.of(
                echo(),
                Map.<String, Object>of("type", "ping"),
                Map.<String, Object>of("type", "register", "address", BridgeFixture.NEWS),
                Map.<String, Object>of("type", "send", "address", Protocol.LOGIN, "body", "x"),
                Map.<String, Object>of("type", "ping", "x", "x".repeat(Login.MAX_FRAME)))) {
            try (FrameChannel client = connect(port)) {
                client.send(frame);
                assertCutWith("login_required", client);
            }
        }
    }

    @Test
    void frameLimit_isSmallBeforeTheLoginAndLargeAfter() throws Exception {
        try (FrameChannel client = connect(listen(Optional.empty(), BridgeLimits.REMOTE))) {
            client.send(login(TOKEN), Map.of("type", "ping", "x", "x".repeat(Login.MAX_FRAME)));
            assertNotNull(client.receive());
            assertEquals(Map.of("type", "pong"), client.receive());
        }
    }

    @Test
    void connectionsAtLimit_areServed_andOneMoreIsToldSo() throws Exception {
        int port = listen(Optional.empty(), new BridgeLimits(2, 1000, 2, 2, 2, 100_000, 200_000, 1000, 0));
        try (FrameChannel first = connect(port);
                FrameChannel second = connect(port)) {
            second.send(login(TOKEN));
            assertNotNull(second.receive());
            first.send(login(TOKEN));
            assertNotNull(first.receive());
            try (FrameChannel third = connect(port)) {
                assertCutWith("too_many_connections: at most 2", third);
            }
        }
    }

    @Test
    void offLoopback_withoutTls_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TcpAccess("0.0.0.0", 0, Optional.empty(), TOKENS));
        assertThrows(IllegalArgumentException.class, () -> new TcpAccess("192.0.2.1", 0, Optional.empty(), TOKENS));
    }

    @Test
    void frames_overTheRate_areReadLaterAndNoneIsLost() throws Exception {
        BridgeLimits limits = new BridgeLimits(2, 1000, 2, 1000, 2, 1 << 20, 1 << 20, 1 << 20, 200);
        try (FrameChannel client = connect(listen(Optional.empty(), limits))) {
            client.send(login(TOKEN));
            assertNotNull(client.receive());
            for (int i = 0; i < 300; i++) {
                client.send(Map.of("type", "ping"));
            }
            for (int i = 0; i < 300; i++) {
                assertEquals(Map.of("type", "pong"), client.receive());
            }
            client.send(Map.of("type", "ping"));
            assertEquals(Map.of("type", "pong"), client.receive());
        }
    }

    @Test
    void tls_servesTheOfficialClient_andPlainTextIsNotServed() throws Exception {
        Certificates.Pair pair = Certificates.make(folder, "server");
        int port = listen(
                Optional.of(new TcpAccess.Tls(pair.certificate(), pair.key(), Optional.empty())), BridgeLimits.REMOTE);
        NetClientOptions trusting = new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(pair.certificate().toString()));
        assertEquals("ci", loggedIn(trusting, port));
        try (SocketChannel plain = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            plain.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, '{', '}'}));
            FrameChannel frames = new FrameChannel(plain);
            assertThrows(java.io.IOException.class, () -> {
                if (frames.receive() == null) {
                    throw new java.io.EOFException("closed");
                }
            });
        }
    }

    @Test
    void mutualTls_refusesAClientWithoutItsCertificate() throws Exception {
        Certificates.Pair pair = Certificates.make(folder, "server");
        Certificates.Pair mine = Certificates.make(folder, "client");
        int port = listen(
                Optional.of(new TcpAccess.Tls(pair.certificate(), pair.key(), Optional.of(mine.certificate()))),
                BridgeLimits.REMOTE);
        NetClientOptions without = new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(pair.certificate().toString()));
        assertEquals("closed", loggedIn(without, port));
        NetClientOptions with = new NetClientOptions(without)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(mine.certificate().toString())
                        .setKeyPath(mine.key().toString()));
        assertEquals("ci", loggedIn(with, port));
    }

    /** Begun on the event loop: a server that refuses may do so before another thread could listen to it. */
    private Future<NetSocket> connected(NetClient client, int port, BlockingQueue<String> answers) {
        Promise<NetSocket> connected = Promise.promise();
        vertx.runOnContext(_ -> client.connect(port, HOST)
                .onSuccess(open -> {
                    open.closeHandler(closed -> answers.add("closed"));
                    open.exceptionHandler(failure -> answers.add("closed"));
                    open.handler(new FrameParser(frame ->
                            answers.add(frame.result().getJsonObject("body").getString("name"))));
                })
                .onComplete(connected));
        return connected.future();
    }

    /** Whom the official client is welcomed as, or {@code closed}. */
    private String loggedIn(NetClientOptions options, int port) throws Exception {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        // A client that nobody holds is closed with the next garbage collection, and its connections with it.
        client = vertx.createNetClient(options);
        NetSocket socket;
        try {
            socket = BridgeFixture.await(connected(client, port, answers));
        } catch (ExecutionException refused) {
            return "closed";
        }
        FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", TOKEN), socket);
        String answer = assertInstanceOf(String.class, answers.poll(30, TimeUnit.SECONDS));
        BridgeFixture.await(socket.close());
        return answer;
    }
}
