package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.AsyncResult;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameHelper;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameParser;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client classes of vertx-tcp-eventbus-bridge against this server, however they reach it. */
abstract class OfficialClientContract {
    @TempDir
    Path folder;

    private BridgeFixture bridge;
    private NetClient client;
    private NetSocket socket;
    private final BlockingQueue<AsyncResult<JsonObject>> frames = new LinkedBlockingQueue<>();

    /** What is used to connect. A client that nobody holds is closed with the next garbage collection. */
    protected abstract NetClient client(BridgeFixture bridge) throws Exception;

    protected abstract SocketAddress address();

    /** Does what a client has to before anything else. */
    protected void begin(NetSocket socket) throws Exception {}

    @BeforeEach
    void connect() throws Exception {
        bridge = new BridgeFixture(folder);
        client = client(bridge);
        socket = BridgeFixture.await(client.connect(address()));
        socket.handler(new FrameParser(frames::add));
        begin(socket);
    }

    @AfterEach
    void close() throws Exception {
        bridge.close();
    }

    protected JsonObject next() throws Exception {
        AsyncResult<JsonObject> frame = frames.poll(30, TimeUnit.SECONDS);
        assertNotNull(frame);
        assertTrue(frame.succeeded());
        return frame.result();
    }

    @Test
    void ping_isAnswered() throws Exception {
        FrameHelper.sendFrame("ping", socket);
        assertEquals("pong", next().getString("type"));
    }

    @Test
    void send_withHeaders_isAnswered() throws Exception {
        FrameHelper.sendFrame(
                "send",
                BridgeFixture.ECHO,
                "#backtrack",
                new JsonObject().put("a", "b"),
                true,
                new JsonObject().put("value", "vert.x"),
                socket);
        JsonObject reply = next();
        assertEquals("message", reply.getString("type"));
        assertEquals("#backtrack", reply.getString("address"));
        assertEquals("vert.x", reply.getJsonObject("body").getString("value"));
        assertTrue(reply.getBoolean("send"));
    }

    @Test
    void registerPublishUnregister_work() throws Exception {
        FrameHelper.sendFrame("register", BridgeFixture.NEWS, null, socket);
        FrameHelper.sendFrame("publish", BridgeFixture.NEWS, new JsonObject().put("n", 1), socket);
        JsonObject message = next();
        assertEquals(BridgeFixture.NEWS, message.getString("address"));
        assertEquals(1, message.getJsonObject("body").getInteger("n"));
        FrameHelper.sendFrame("unregister", BridgeFixture.NEWS, null, socket);
        FrameHelper.sendFrame("publish", BridgeFixture.NEWS, new JsonObject().put("n", 2), socket);
        FrameHelper.sendFrame("ping", socket);
        assertEquals("pong", next().getString("type"));
    }

    @Test
    void messagesOfManySizes_areAnsweredInOrder() throws Exception {
        for (int bytes = 1; bytes <= 1 << 17; bytes *= 2) {
            FrameHelper.sendFrame(
                    "send", BridgeFixture.ECHO, "r" + bytes, new JsonObject().put("x", "x".repeat(bytes)), socket);
        }
        for (int bytes = 1; bytes <= 1 << 17; bytes *= 2) {
            JsonObject reply = next();
            assertEquals("r" + bytes, reply.getString("address"));
            assertEquals(bytes, reply.getJsonObject("body").getString("x").length());
        }
    }

    @Test
    void errors_areThoseOfTheStandard() throws Exception {
        FrameHelper.sendFrame("send", "not.permitted", new JsonObject(), socket);
        assertEquals("access_denied", next().getString("message"));
        FrameHelper.sendFrame("register", null, null, socket);
        assertEquals("missing_address", next().getString("message"));
        FrameHelper.sendFrame("explode", BridgeFixture.ECHO, null, socket);
        assertEquals("unknown_type", next().getString("message"));
        FrameHelper.sendFrame("unregister", BridgeFixture.NEWS, null, socket);
        assertEquals("unknown_address", next().getString("message"));
        FrameHelper.sendFrame("send", BridgeFixture.FAIL, "r", new JsonObject(), socket);
        JsonObject failure = next();
        assertEquals("r", failure.getString("address"));
        assertEquals(42, failure.getInteger("failureCode"));
        assertEquals("RECIPIENT_FAILURE", failure.getString("failureType"));
    }
}
