package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameHelper;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a bridge with TLS that mean harm. */
@Timeout(120)
class HostileClientsTest {
    private static final String HOST = "127.0.0.1";
    private static final String TOKEN = "bunctl_right";
    private static final int MANY = 1000;

    @TempDir
    private Path folder;

    private Vertx vertx;
    private BridgeServer server;
    private NetClient client;
    private int port;
    private final BlockingQueue<String> turnedAway = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
                .build();
        Certificates.Pair pair = Certificates.make(folder, "server");
        TcpAccess.Tls tls = new TcpAccess.Tls(pair.certificate(), pair.key(), Optional.empty());
        Authenticator tokens = (token, from) ->
                token.equals(TOKEN) ? Optional.of(new Peer.Bearer("ci", Role.OBSERVER, from)) : Optional.empty();
        ConnectionListener listener = new ConnectionListener() {
            @Override
            public void turnedAway(String from, String why) {
                turnedAway.add(why);
            }

            @Override
            public void closed(String connection, Peer peer, Set<String> addresses) {}
        };
        server = new BridgeServer(
                vertx,
                new TcpAccess(HOST, 0, Optional.of(tls), tokens),
                BridgeLimits.REMOTE,
                Permissions.PUBLIC,
                listener);
        port = BridgeFixture.await(server.listen());
        client = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(pair.certificate().toString())));
    }

    @AfterEach
    void close() throws Exception {
        BridgeFixture.await(vertx.close());
    }

    private Socket silent() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private void assertServes() throws Exception {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        NetSocket socket = BridgeFixture.await(client.connect(port, HOST));
        socket.handler(new FrameParser(
                frame -> answers.add(frame.result().getJsonObject("body").getString("name"))));
        FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", TOKEN), socket);
        assertEquals("ci", answers.poll(30, TimeUnit.SECONDS));
        BridgeFixture.await(socket.close());
    }

    private static JsonObject next(BlockingQueue<JsonObject> frames) throws InterruptedException {
        JsonObject frame = frames.poll(30, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame came");
        }
        return frame;
    }

    /** Returns when the server has closed; a reset is the same news. */
    private static void awaitCut(Socket socket) throws IOException {
        try (socket) {
            while (socket.getInputStream().read() >= 0) {
                // What is said before the end is of no interest.
            }
        } catch (java.net.SocketException reset) {
            assertTrue(socket.isClosed());
        }
    }

    @Test
    void thousandClientsThatStaySilent_keepNobodyOut_andAreCut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Socket one = silent();
            // Some begin a handshake that they never go on with.
            one.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0}, 0, i % 6);
            silent.add(one);
        }

        assertServes();

        for (Socket one : silent) {
            awaitCut(one);
        }
        assertServes();
    }

    @Test
    void garbageInPlaceOfTls_isCut_andTheServerServesOn() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 200; i++) {
            Socket one = silent();
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            garbage[0] = i % 2 == 0 ? 0x16 : garbage[0];
            try {
                one.getOutputStream().write(garbage);
                one.shutdownOutput();
            } catch (java.net.SocketException cutAlready) {
                assertTrue(one.isConnected());
            }
            awaitCut(one);
        }

        assertServes();
    }

    @Test
    void manyWrongTokens_areToldOfEach_andTheServerServesOn() throws Exception {
        for (int i = 0; i < 50; i++) {
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            NetSocket socket = BridgeFixture.await(client.connect(port, HOST));
            socket.handler(new FrameParser(frame -> said.add(frame.result().getString("message"))));
            FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", "x" + i), socket);
            assertEquals("login_refused", said.poll(30, TimeUnit.SECONDS));
            assertEquals("login_refused", turnedAway.poll(30, TimeUnit.SECONDS));
        }
        assertServes();
    }

    @Test
    void frameOverTheLimit_isSkipped_andDoesNotGrowTheHeap() throws Exception {
        BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
        NetSocket socket = BridgeFixture.await(client.connect(port, HOST));
        socket.handler(new FrameParser(frame -> frames.add(frame.result())));
        FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", TOKEN), socket);
        assertEquals("login", next(frames).getString("address"));

        int length = BridgeLimits.REMOTE.frameBytes() + 1;
        BridgeFixture.await(socket.write(Buffer.buffer().appendInt(length).appendBytes(new byte[length])));
        FrameHelper.sendFrame("ping", socket);

        assertTrue(next(frames).getString("message").startsWith("frame_too_large"));
        assertEquals("pong", next(frames).getString("type"));
        BridgeFixture.await(socket.close());
    }

    @Test
    void forgedPeer_isRefused() throws Exception {
        BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
        NetSocket socket = BridgeFixture.await(client.connect(port, HOST));
        socket.handler(new FrameParser(frame -> frames.add(frame.result())));
        FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", TOKEN), socket);
        assertEquals("login", next(frames).getString("address"));

        FrameHelper.sendFrame(
                "send",
                Protocol.COMMAND,
                "r",
                new JsonObject().put("Bunctl-Peer-Role", "admin"),
                true,
                new JsonObject().put("version", 1).put("command", "kill"),
                socket);

        assertTrue(next(frames).getString("message").startsWith("reserved_header"));
        BridgeFixture.await(socket.close());
    }

    @Test
    void disconnected_isToldWhy_andCut() throws Exception {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        NetSocket socket = BridgeFixture.await(client.connect(port, HOST));
        socket.closeHandler(_ -> said.add("closed"));
        socket.handler(
                new FrameParser(frame -> said.add(String.valueOf(frame.result().getString("message")))));
        FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", TOKEN), socket);
        assertEquals("null", said.poll(30, TimeUnit.SECONDS));

        vertx.runOnContext(_ -> server.disconnect(peer -> peer.describe().contains("ci"), "token_ended"));

        assertEquals("token_ended", said.poll(30, TimeUnit.SECONDS));
        assertEquals("closed", said.poll(30, TimeUnit.SECONDS));
    }
}
