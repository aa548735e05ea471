package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeServerTest {
    private static final String SESSION = Protocol.SESSION_PREFIX + "0123456789abcdef".repeat(2);

    @TempDir
    Path folder;

    private BridgeFixture bridge;
    private FrameChannel client;

    @BeforeEach
    void open() throws Exception {
        bridge = new BridgeFixture(folder);
        client = bridge.connect();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        bridge.close();
    }

    private static Map<String, @Nullable Object> received(FrameChannel from) throws Exception {
        Map<String, @Nullable Object> frame = from.receive();
        assertNotNull(frame);
        return frame;
    }

    private void sendRaw(String text) throws Exception {
        sendRaw(text.getBytes(StandardCharsets.UTF_8));
    }

    private void sendRaw(byte[] body) throws Exception {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(bridge.path));
        ByteBuffer out =
                ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body);
        channel.write(out.flip());
        client.close();
        client = new FrameChannel(channel);
    }

    @Test
    void send_withReplyAddress_isAnsweredThere() throws Exception {
        client.send(Map.of(
                "type",
                "send",
                "address",
                BridgeFixture.ECHO,
                "replyAddress",
                "r1",
                "body",
                Map.of("a", List.of(1, "é"))));
        Map<String, @Nullable Object> reply = received(client);
        assertEquals("message", reply.get("type"));
        assertEquals("r1", reply.get("address"));
        assertEquals(true, reply.get("send"));
        assertEquals(Map.of("a", List.of(1L, "é")), reply.get("body"));
    }

    @Test
    void send_thatFails_isAnsweredWithCodeAndReason() throws Exception {
        client.send(Map.of("type", "send", "address", BridgeFixture.FAIL, "replyAddress", "r1", "body", 1));
        Map<String, @Nullable Object> error = received(client);
        assertEquals("err", error.get("type"));
        assertEquals("r1", error.get("address"));
        assertEquals(BridgeFixture.FAIL, error.get("sourceAddress"));
        assertEquals(42L, error.get("failureCode"));
        assertEquals("RECIPIENT_FAILURE", error.get("failureType"));
        assertEquals("no", error.get("message"));
    }

    @Test
    void send_toNobody_isAnsweredWithNoHandlers() throws Exception {
        client.send(Map.of("type", "send", "address", "test.nobody", "replyAddress", "r1"));
        assertEquals("NO_HANDLERS", received(client).get("failureType"));
    }

    @Test
    void send_withTimeout_failsInTime() throws Exception {
        client.send(Map.of(
                "type", "send",
                "address", BridgeFixture.SILENT,
                "replyAddress", "r1",
                "headers", Map.of("timeout", 1),
                "body", "x"));
        assertEquals("TIMEOUT", received(client).get("failureType"));
    }

    @Test
    void send_peerAndConnection_areHandedOnAndCannotBeForged() throws Exception {
        client.send(
                Map.of("type", "send", "address", BridgeFixture.SILENT, "headers", Map.of("mine", "yes"), "body", "x"));
        Message<Object> message = bridge.silent.poll(30, TimeUnit.SECONDS);
        assertNotNull(message);
        Peer.Local peer = (Peer.Local) Peer.readFrom(message.headers()).orElseThrow();
        assertEquals(ProcessHandle.current().pid(), peer.pid());
        assertEquals("yes", message.headers().get("mine"));
        assertNotNull(message.headers().get(Peer.CONNECTION));

        client.send(Map.of(
                "type",
                "send",
                "address",
                BridgeFixture.SILENT,
                "headers",
                Map.of("Bunctl-Peer-uid", "0"),
                "body",
                "x"));
        assertTrue(String.valueOf(received(client).get("message")).startsWith("reserved_header"));
        BridgeFixture.assertUsable(client);
        assertNull(bridge.silent.poll());
    }

    @ParameterizedTest
    @CsvSource({
        "send,bunctl.internal.control",
        "publish,bunctl.internal.control",
        "register,bunctl.internal.control",
        "unregister,bunctl.internal.control",
        "register,test.echo",
        "register,test.news.",
        "send,test.echo.more",
        "register,bunctl.v1.session.short",
        "register,bunctl.v1.session.0123456789ABCDEF0123456789ABCDEF"
    })
    void addressThatIsNotPermitted_isRefused(String type, String address) throws Exception {
        client.send(Map.of("type", type, "address", address, "body", 1));
        assertEquals(Map.of("type", "err", "sourceAddress", address, "message", "access_denied"), received(client));
        BridgeFixture.assertUsable(client);
    }

    @Test
    void frameThatIsNoJson_isRefusedAndTheConnectionStays() throws Exception {
        for (String bad : List.of("", "{", "[]", "7", "nonsense", "{\"type\":\"ping\"} x", "[".repeat(100_000))) {
            sendRaw(bad);
            assertTrue(String.valueOf(received(client).get("message")).startsWith("invalid_json"), bad);
            BridgeFixture.assertUsable(client);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|unknown_type",
                "{\"type\":7}|unknown_type",
                "{\"type\":\"explode\"}|unknown_type",
                "{\"type\":\"explode\",\"address\":\"test.echo\"}|unknown_type",
                "{\"type\":\"message\",\"address\":\"test.echo\"}|unknown_type",
                "{\"type\":\"send\"}|missing_address",
                "{\"type\":\"send\",\"address\":\"\"}|missing_address",
                "{\"type\":\"register\",\"address\":null}|missing_address",
                "{\"type\":\"unregister\",\"address\":\"test.news.a\"}|unknown_address"
            })
    void frameThatMakesNoSense_isRefusedAndTheConnectionStays(String frame, String message) throws Exception {
        client.send(Json.readObject(frame));
        assertEquals(message, received(client).get("message"));
        BridgeFixture.assertUsable(client);
    }

    @Test
    void frameOverTheLimit_isSkippedAndTheConnectionStays() throws Exception {
        byte[] large = new byte[10 << 20];
        sendRaw(large);
        assertTrue(String.valueOf(received(client).get("message")).startsWith("frame_too_large: 10485760"));
        BridgeFixture.assertUsable(client);
    }

    @Test
    void halfAFrame_thenTheRest_isOneFrame() throws Exception {
        byte[] body = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole = ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .flip();
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(bridge.path))) {
            while (whole.hasRemaining()) {
                raw.write(ByteBuffer.wrap(new byte[] {whole.get()}));
            }
            try (FrameChannel frames = new FrameChannel(raw)) {
                assertEquals(Map.of("type", "pong"), received(frames));
            }
        }
    }

    @Test
    void halfAFrame_thenClosed_leavesNothing() throws Exception {
        BridgeFixture.assertUsable(client);
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(bridge.path))) {
            raw.write(ByteBuffer.wrap(new byte[] {0, 0, 1, 0, '{'}));
        }
        assertNotNull(bridge.closed.poll(30, TimeUnit.SECONDS));
        BridgeFixture.assertUsable(client);
        assertEquals(1, bridge.server.connections());
    }

    @Test
    void publish_toRegistered_isDeliveredToEach() throws Exception {
        try (FrameChannel other = bridge.connect()) {
            client.send(Map.of("type", "register", "address", BridgeFixture.NEWS));
            other.send(Map.of("type", "register", "address", BridgeFixture.NEWS));
            BridgeFixture.assertUsable(client);
            BridgeFixture.assertUsable(other);
            other.send(Map.of("type", "publish", "address", BridgeFixture.NEWS, "body", "hot"));
            for (FrameChannel one : List.of(client, other)) {
                Map<String, @Nullable Object> news = received(one);
                assertEquals(BridgeFixture.NEWS, news.get("address"));
                assertEquals("hot", news.get("body"));
                assertEquals(false, news.get("send"));
                assertEquals(Map.of(), news.get("headers"));
            }
            other.send(Map.of("type", "unregister", "address", BridgeFixture.NEWS));
            BridgeFixture.assertUsable(other);
            bridge.vertx.eventBus().publish(BridgeFixture.NEWS, new JsonArray().add(new JsonObject().put("n", 1)));
            assertEquals(List.of(Map.of("n", 1L)), received(client).get("body"));
            BridgeFixture.assertUsable(other);
        }
    }

    @Test
    void requestToAClient_isAnsweredByIt() throws Exception {
        client.send(Map.of("type", "register", "address", SESSION));
        BridgeFixture.assertUsable(client);
        var reply = bridge.vertx.eventBus().<Object>request(SESSION, new JsonObject().put("ask", "name?"));
        Map<String, @Nullable Object> question = received(client);
        assertEquals(true, question.get("send"));
        client.send(Map.of("type", "send", "address", String.valueOf(question.get("replyAddress")), "body", "bun"));
        assertEquals("bun", BridgeFixture.await(reply).body());

        var refused = bridge.vertx.eventBus().<Object>request(SESSION, "again");
        String replyAddress = String.valueOf(received(client).get("replyAddress"));
        client.send(Map.of("type", "send", "address", replyAddress, "failureCode", 7, "message", "busy"));
        Throwable failure = BridgeFixture.await(
                refused.<Throwable>map(x -> new AssertionError("no failure")).otherwise(cause -> cause));
        assertEquals("busy", failure.getMessage());
    }

    @Test
    void session_belongsToWhoRegisteredFirst_untilItCloses() throws Exception {
        client.send(Map.of("type", "register", "address", SESSION));
        BridgeFixture.assertUsable(client);
        try (FrameChannel other = bridge.connect()) {
            other.send(Map.of("type", "register", "address", SESSION));
            assertEquals("address_taken", received(other).get("message"));
            client.close();
            BridgeFixture.Closed closed = bridge.closed.poll(30, TimeUnit.SECONDS);
            assertNotNull(closed);
            assertEquals(Set.of(SESSION), closed.addresses());
            other.send(Map.of("type", "register", "address", SESSION));
            BridgeFixture.assertUsable(other);
            bridge.vertx.eventBus().send(SESSION, new JsonObject().put("out", "x"));
            assertEquals(Map.of("out", "x"), received(other).get("body"));
        }
    }

    @Test
    void codecName_ofAClient_isIgnored() throws Exception {
        client.send(Map.of(
                "type",
                "send",
                "address",
                BridgeFixture.ECHO,
                "replyAddress",
                "r",
                "headers",
                Map.of("codecName", "nonsense", "localOnly", "maybe"),
                "body",
                1));
        assertEquals(1L, received(client).get("body"));
    }

    @Test
    void thousandConnections_areServed() throws Exception {
        List<FrameChannel> many = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                many.add(bridge.connect());
            }
            for (FrameChannel one : many) {
                one.send(Map.of(
                        "type", "send", "address", BridgeFixture.ECHO, "replyAddress", "r", "body", many.size()));
            }
            for (FrameChannel one : many) {
                assertEquals(1000L, received(one).get("body"));
            }
        } finally {
            for (FrameChannel one : many) {
                one.close();
            }
        }
    }
}
