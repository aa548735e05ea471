package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeLimitsTest {
    private static final BridgeLimits SMALL = new BridgeLimits(2, 1000, 2, 2, 2, 100_000, 200_000, 1000, 0);
    private static final String SESSION = Protocol.SESSION_PREFIX + "f".repeat(32);

    @TempDir
    Path folder;

    private static String message(FrameChannel client) throws Exception {
        Map<String, @Nullable Object> frame = client.receive();
        assertNotNull(frame);
        return message(frame);
    }

    private static String message(Map<String, @Nullable Object> frame) {
        return String.valueOf(frame.get("message"));
    }

    private static Map<String, Object> frameOf(int bytes) {
        Map<String, Object> empty = Map.of("type", "ping", "x", "");
        int overhead = dev.bunctl.bridge.wire.Json.writeBytes(empty).length;
        return Map.of("type", "ping", "x", "x".repeat(bytes - overhead));
    }

    @Test
    void connectionsAtLimit_areServedAndOneMoreIsToldSo() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder, SMALL);
                FrameChannel first = bridge.connect()) {
            BridgeFixture.assertUsable(first);
            try (FrameChannel second = bridge.connect()) {
                BridgeFixture.assertUsable(second);
                try (FrameChannel third = bridge.connect()) {
                    assertEquals("too_many_connections: at most 2", message(third));
                    assertNull(third.receive());
                }
            }
            assertNotNull(bridge.closed.poll(30, TimeUnit.SECONDS));
            try (FrameChannel again = bridge.connect()) {
                BridgeFixture.assertUsable(again);
            }
        }
    }

    @Test
    void unixClientThatTheKernelDoesNotTellOf_isRefused() throws Exception {
        // Without the native transport nobody can ask the kernel.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(false));
        try (BridgeFixture bridge = new BridgeFixture(vertx, folder.resolve("bridge.sock"), SMALL);
                FrameChannel client = bridge.connect()) {
            assertEquals("unknown_peer", message(client));
            assertNull(client.receive());
            assertEquals(0, bridge.onLoop(bridge.server::connections).intValue());
        }
    }

    @Test
    void frameAtLimit_isReadAndOneByteMoreIsNot() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder, SMALL);
                FrameChannel client = bridge.connect()) {
            client.send(frameOf(1000));
            assertEquals(Map.of("type", "pong"), client.receive());
            client.send(frameOf(1001));
            assertEquals("frame_too_large: 1001 bytes, at most 1000", message(client));
            BridgeFixture.assertUsable(client);
        }
    }

    @Test
    void subscriptionsAtLimit_areTakenAndOneMoreIsNot() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder, SMALL);
                FrameChannel client = bridge.connect()) {
            client.send(
                    Map.of("type", "register", "address", "test.news.1"),
                    Map.of("type", "register", "address", "test.news.2"),
                    Map.of("type", "register", "address", "test.news.2"));
            BridgeFixture.assertUsable(client);
            client.send(Map.of("type", "register", "address", "test.news.3"));
            assertEquals("too_many_subscriptions: at most 2", message(client));
            client.send(Map.of("type", "unregister", "address", "test.news.1"));
            client.send(Map.of("type", "register", "address", "test.news.3"));
            BridgeFixture.assertUsable(client);
        }
    }

    @Test
    void requestsAtLimit_areTakenAndOneMoreIsNot() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder, SMALL);
                FrameChannel client = bridge.connect()) {
            Map<String, Object> request =
                    Map.of("type", "send", "address", BridgeFixture.SILENT, "replyAddress", "r", "body", 1);
            client.send(request, request);
            BridgeFixture.assertUsable(client);
            client.send(request);
            assertEquals("too_many_requests: at most 2 without reply", message(client));
            var taken = bridge.silent.poll(30, TimeUnit.SECONDS);
            assertNotNull(taken);
            taken.reply("done");
            Map<String, @Nullable Object> reply = client.receive();
            assertNotNull(reply);
            assertEquals("done", reply.get("body"));
            client.send(request);
            BridgeFixture.assertUsable(client);
        }
    }

    @Test
    void messagesThatWaitForAReply_theEldestGivesWay() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder, SMALL);
                FrameChannel client = bridge.connect()) {
            client.send(Map.of("type", "register", "address", SESSION));
            BridgeFixture.assertUsable(client);
            var first = bridge.vertx.eventBus().<Object>request(SESSION, 1);
            var second = bridge.vertx.eventBus().<Object>request(SESSION, 2);
            var third = bridge.vertx.eventBus().<Object>request(SESSION, 3);
            assertThrows(java.util.concurrent.ExecutionException.class, () -> BridgeFixture.await(first));
            for (int i = 0; i < 3; i++) {
                Map<String, @Nullable Object> question = client.receive();
                assertNotNull(question);
                if (!Long.valueOf(1).equals(question.get("body"))) {
                    client.send(Map.of(
                            "type", "send", "address", String.valueOf(question.get("replyAddress")), "body", "ok"));
                }
            }
            assertEquals("ok", BridgeFixture.await(second).body());
            assertEquals("ok", BridgeFixture.await(third).body());
        }
    }

    @Test
    void slowConsumer_ofPublished_isToldHowManyItMissed() throws Exception {
        BridgeLimits limits = new BridgeLimits(2, 1000, 2, 2, 2, 1 << 20, 1 << 20, 1000, 0);
        try (BridgeFixture bridge = new BridgeFixture(folder, limits);
                FrameChannel client = bridge.connect()) {
            client.send(Map.of("type", "register", "address", BridgeFixture.NEWS));
            BridgeFixture.assertUsable(client);
            String text = "x".repeat(10_000);
            int sent = 1000;
            // One event loop delivers to all in order: when this consumer has all, the connection has them too.
            var delivered = new java.util.concurrent.CountDownLatch(sent);
            var _ = bridge.vertx.eventBus().localConsumer(BridgeFixture.NEWS, message -> delivered.countDown());
            for (int i = 0; i < sent; i++) {
                bridge.vertx.eventBus().publish(BridgeFixture.NEWS, text);
            }
            delivered.await();
            long got = 0;
            long dropped = 0;
            while (got + dropped < sent) {
                Map<String, @Nullable Object> frame = client.receive();
                assertNotNull(frame);
                if ("slow_consumer".equals(frame.get("message"))) {
                    dropped += (Long) java.util.Objects.requireNonNull(frame.get("dropped"));
                } else {
                    assertEquals(text, frame.get("body"));
                    got++;
                }
            }
            assertTrue(dropped > 0 && got > 0, got + " got, " + dropped + " dropped");
            assertEquals(dropped, bridge.server.traffic().dropped());
            assertEquals(1, bridge.server.traffic().connections());
            BridgeFixture.assertUsable(client);
        }
    }

    @Test
    void slowConsumer_ofItsSession_isCutWithANotice() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder, SMALL);
                FrameChannel client = bridge.connect()) {
            client.send(Map.of("type", "register", "address", SESSION));
            BridgeFixture.assertUsable(client);
            for (int i = 0; i < 1000; i++) {
                bridge.vertx.eventBus().send(SESSION, new JsonObject().put("out", "x".repeat(1000)));
            }
            BridgeFixture.Closed closed = bridge.closed.poll(30, TimeUnit.SECONDS);
            assertNotNull(closed);
            assertEquals(java.util.Set.of(SESSION), closed.addresses());
            String last = "";
            for (Map<String, @Nullable Object> frame = client.receive(); frame != null; frame = client.receive()) {
                last = String.valueOf(frame.get("message"));
            }
            assertEquals("slow_consumer: connection closed", last);
        }
    }

    /** Each may keep a quarter of what all may: the fifth and later ones fill the room of the others. */
    @Test
    void manySlowConsumers_areCutWithANotice_andOneThatReadsLosesNothing() throws Exception {
        int each = 256 << 10;
        int all = 4 * each;
        String text = "x".repeat(32 << 10);
        BridgeLimits limits = new BridgeLimits(16, 1000, 2, 2, 2, each, all, each, 0);
        List<FrameChannel> slow = new ArrayList<>();
        try (BridgeFixture bridge = new BridgeFixture(folder, limits);
                FrameChannel quick = bridge.connect()) {
            Map<String, String> register = Map.of("type", "register", "address", BridgeFixture.NEWS);
            quick.send(register);
            BridgeFixture.assertUsable(quick);
            for (int i = 0; i < 8; i++) {
                FrameChannel one = bridge.connect();
                one.send(register);
                BridgeFixture.assertUsable(one);
                slow.add(one);
            }
            for (int i = 0; i < 100; i++) {
                bridge.vertx.eventBus().publish(BridgeFixture.NEWS, i + text);
                Map<String, @Nullable Object> frame = quick.receive();
                assertNotNull(frame);
                assertEquals(i + text, frame.get("body"));
                long waiting = bridge.onLoop(() -> bridge.server.backlog().bytes());
                assertTrue(waiting <= all, () -> waiting + " bytes wait");
            }
            BridgeFixture.assertUsable(quick);
            long cut = bridge.onLoop(() -> bridge.server.traffic().cuts());
            assertTrue(cut >= 4, () -> cut + " were cut");
            assertEquals(
                    9 - (int) cut, bridge.onLoop(bridge.server::connections).intValue());
            int told = 0;
            int kept = 0;
            for (FrameChannel one : slow) {
                String last = lastWord(one);
                told += last.equals("slow_consumer: connection closed") ? 1 : 0;
                kept += last.equals("slow_consumer") ? 1 : 0;
            }
            assertEquals(8 - (int) cut, kept);
            assertTrue(told >= 1, "nobody was told");
        } finally {
            for (FrameChannel one : slow) {
                one.close();
            }
        }
    }

    /** What a slow consumer is told in the end: that it missed something, or that it is cut; nothing where it was closed first. */
    private static String lastWord(FrameChannel client) throws Exception {
        try {
            for (Map<String, @Nullable Object> frame = client.receive(); frame != null; frame = client.receive()) {
                if (String.valueOf(frame.get("message")).startsWith("slow_consumer")) {
                    return message(frame);
                }
            }
        } catch (java.io.IOException torn) {
            assertNotNull(torn.getMessage());
        }
        return "";
    }

    @Test
    void slowReader_isNotReadFromUntilItReads() throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder);
                FrameChannel client = bridge.connect()) {
            String text = "x".repeat(100_000);
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 600; i++) {
                        client.send(Map.of(
                                "type", "send", "address", BridgeFixture.ECHO, "replyAddress", "r" + i, "body", text));
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 600; i++) {
                Map<String, @Nullable Object> reply = client.receive();
                assertNotNull(reply);
                assertEquals("r" + i, reply.get("address"));
            }
            sender.join();
        }
    }
}
