package dev.bunctl.verticles.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.internal.InternalAddresses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged frames of a page, torn anywhere: nothing gets in by them, and the next page is served. */
@Timeout(value = 30, unit = java.util.concurrent.TimeUnit.MINUTES)
class PageFuzzTest {
    private static final int FRAMES_A_ROUND = 40;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Duration LONG = Duration.ofHours(1);
    private static final Peer SENDER = new Peer.Bearer("ci", Role.ADMIN, "127.0.0.1");

    private static final int TEXT = 0x1;
    private static final int CONTINUATION = 0x0;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    private final Queue<String> broken = new ConcurrentLinkedQueue<>();

    @Test
    void damagedFrames_getNothingIn_andLeaveTheServerUsable() throws Exception {
        rounds(1, 40);
    }

    @Test
    @Tag("fuzz")
    void damagedFrames_getNothingIn_andLeaveTheServerUsable_atLength() throws Exception {
        rounds(System.nanoTime(), 3000);
    }

    private void rounds(long firstSeed, int count) throws Exception {
        WebLimits limits = new WebLimits(
                64,
                32,
                LONG,
                LONG,
                8 << 20,
                2 << 20,
                4 << 20,
                12 << 20,
                Integer.MAX_VALUE,
                Duration.ofMillis(100),
                LONG);
        try (WebHouse house = new WebHouse(limits)) {
            watch(house);
            for (long seed = firstSeed; seed < firstSeed + count; seed++) {
                try {
                    round(house, new Random(seed));
                    assertEquals(List.of(), List.copyOf(broken));
                } catch (Exception | AssertionError failure) {
                    throw new AssertionError("seed " + seed, failure);
                }
            }
            WebHouse.until("nobody is connected", () -> house.connections() == 0 && house.pages() == 0);
            assertEquals(0, house.waiting());
            house.assertServes();
        }
    }

    /** Whatever comes says who sent it, and comes where pages may send. */
    private void watch(WebHouse house) {
        var _ = house.vertx.eventBus().<Object>localConsumer(Protocol.COMMAND, message -> {
            if (!Peer.readFrom(message.headers()).equals(Optional.of(SENDER))) {
                broken.add("sent by " + message.headers());
            }
            message.reply(new JsonObject().put("echo", message.body()));
        });
        for (String closed : List.of(InternalAddresses.CONTROL, Protocol.ARGV, Protocol.INPUT, Protocol.EVENTS)) {
            var _ = house.vertx.eventBus().localConsumer(closed, this::reached);
        }
    }

    private void reached(Message<Object> message) {
        broken.add(message.address() + " was reached");
    }

    private static void round(WebHouse house, Random random) throws Exception {
        try (Socket socket = opened(house)) {
            socket.getOutputStream().write(frame(FINAL | TEXT, request("begin")));
            assertTrue(hears(socket, "begin"), "a fresh page is not served");
            boolean framed = true;
            for (int i = 0; i < FRAMES_A_ROUND && framed; i++) {
                framed = random.nextInt(60) > 0;
                write(socket, framed ? wellFramed(random) : misframed(random), random);
            }
            if (framed) {
                socket.getOutputStream().write(frame(FINAL | TEXT, request("end")));
                socket.getOutputStream().write(frame(FINAL | CLOSE, new byte[] {3, (byte) 0xE8}));
                // What is no list of texts has ended the connection before, as SockJS has it.
                boolean _ = hears(socket, "end");
            }
        } catch (java.net.SocketException cut) {
            assertTrue(cut.getMessage() != null);
        }
    }

    private static Socket opened(WebHouse house) throws Exception {
        Socket socket = house.connect("GET /bus/000/abcdefgh/websocket HTTP/1.1\r\nHost: 127.0.0.1:" + house.port
                + "\r\nOrigin: " + house.site() + "\r\nCookie: " + house.cookie()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        assertTrue(hears(socket, "\r\n\r\n"), "no socket was opened");
        return socket;
    }

    /** Reads until this has come; false when the connection ends before. */
    private static boolean hears(Socket socket, String text) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] some = new byte[1 << 14];
        StringBuilder tail = new StringBuilder();
        long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (tail.indexOf(text) < 0) {
            assertTrue(System.nanoTime() < end, () -> "only heartbeats came in place of " + text);
            int n = in.read(some);
            if (n < 0) {
                return false;
            }
            tail.delete(0, Math.max(0, tail.length() - text.length()));
            tail.append(new String(some, 0, n, StandardCharsets.ISO_8859_1));
        }
        return true;
    }

    private static void write(Socket socket, byte[] bytes, Random random) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(bytes.length - at, 1 + random.nextInt(200 + bytes.length / 4));
            socket.getOutputStream().write(bytes, at, piece);
            at += piece;
        }
    }

    private static byte[] wellFramed(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> frame(FINAL | PING, bytes(random, 125));
            case 1 -> {
                byte[] text = messages(random);
                int cut = random.nextInt(text.length + 1);
                yield Buffer.buffer(frame(TEXT, java.util.Arrays.copyOf(text, cut)))
                        .appendBytes(frame(FINAL | CONTINUATION, java.util.Arrays.copyOfRange(text, cut, text.length)))
                        .getBytes();
            }
            default -> frame(FINAL | TEXT, messages(random));
        };
    }

    /** A head that is wrong, or of a message over the limit. */
    private static byte[] misframed(Random random) {
        byte[] frame = frame(FINAL | TEXT, messages(random));
        switch (random.nextInt(4)) {
            case 0 -> frame[0] = (byte) random.nextInt();
            case 1 -> frame[1] = (byte) random.nextInt();
            case 2 -> {
                return frame(FINAL | TEXT, new byte[WebServer.MAX_MESSAGE + 1]);
            }
            default -> {
                return bytes(random, 300);
            }
        }
        return frame;
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Masked with zeros. */
    private static byte[] frame(int first, byte[] payload) {
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (payload.length < 126) {
            frame.appendByte((byte) (MASKED | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.appendByte((byte) (MASKED | 126)).appendUnsignedShort(payload.length);
        } else {
            frame.appendByte((byte) (MASKED | 127)).appendLong(payload.length);
        }
        return frame.appendInt(0).appendBytes(payload).getBytes();
    }

    private static byte[] request(String replyAddress) {
        return list(new JsonObject()
                .put("type", "send")
                .put("address", Protocol.COMMAND)
                .put("body", new JsonObject())
                .put("replyAddress", replyAddress)
                .encode());
    }

    private static byte[] list(String... messages) {
        return new JsonArray(List.of(messages)).encode().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] messages(Random random) {
        String[] messages = new String[1 + random.nextInt(3)];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = flipped(random, message(random));
        }
        byte[] list = list(messages);
        return random.nextInt(10) == 0 ? flipped(random, list) : list;
    }

    private static String flipped(Random random, String text) {
        return random.nextInt(3) > 0
                ? text
                : new String(flipped(random, text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    private static byte[] flipped(Random random, byte[] bytes) {
        for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static String message(Random random) {
        List<Object> types = List.of("send", "send", "publish", "register", "unregister", "ping", "rec", "", 7);
        List<Object> addresses = List.of(
                Protocol.COMMAND,
                Protocol.COMMAND,
                Protocol.EVENTS,
                Protocol.METRICS,
                Protocol.LOGS_PREFIX + "é",
                Protocol.ARGV,
                Protocol.INPUT,
                InternalAddresses.CONTROL,
                "x".repeat(600),
                7);
        JsonObject message = new JsonObject()
                .put("type", types.get(random.nextInt(types.size())))
                .put("address", addresses.get(random.nextInt(addresses.size())))
                .put(
                        "body",
                        new JsonObject()
                                .put("x", new JsonArray().add(random.nextLong()).add("é\"\\")));
        List<Object> replies = List.of("r", random.nextInt(), "x".repeat(40), new JsonObject());
        if (random.nextBoolean()) {
            message.put("replyAddress", replies.get(random.nextInt(replies.size())));
        }
        List<Object> headers = List.of(
                new JsonObject().put("a", 1),
                new JsonObject().put("Bunctl-Peer-Role", "admin").put("bunctl-peer-name", "other"),
                new JsonArray().add("x"),
                "x");
        if (random.nextInt(3) == 0) {
            message.put("headers", headers.get(random.nextInt(headers.size())));
        }
        return message.encode();
    }
}
