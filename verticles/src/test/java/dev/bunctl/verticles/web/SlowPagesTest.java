package dev.bunctl.verticles.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that stop reading: what waits for them is bounded, they are told or cut, and the others get everything. */
@Timeout(240)
class SlowPagesTest {
    private static final int QUEUED = 256 << 10;
    private static final int REPLIES = 512 << 10;
    private static final int ALL = 1 << 20;
    private static final int PART = 32 << 10;

    /** More than the kernel keeps for a connection, by far. */
    private static final int MANY = 600;

    private static WebLimits limits(Duration lastWords) {
        return new WebLimits(
                64,
                32,
                Duration.ofHours(1),
                Duration.ofHours(1),
                1 << 20,
                QUEUED,
                REPLIES,
                ALL,
                Integer.MAX_VALUE,
                lastWords,
                Duration.ofHours(1));
    }

    /** A page that reads only when it is told to. */
    private static final class Slow implements AutoCloseable {
        private final Socket socket;

        Slow(WebHouse house) throws Exception {
            socket = house.connect("GET /bus/000/abcdefgh/websocket HTTP/1.1\r\nHost: 127.0.0.1:" + house.port
                    + "\r\nOrigin: " + house.site() + "\r\nCookie: " + house.cookie()
                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            awaits("\r\n\r\n");
        }

        /** Sends one message, in a frame that is masked with zeros. */
        void say(JsonObject message) throws IOException {
            byte[] text = new JsonArray().add(message.encode()).encode().getBytes(StandardCharsets.UTF_8);
            int head = text.length < 126 ? 6 : 8;
            byte[] frame = new byte[head + text.length];
            frame[0] = (byte) 0x81;
            frame[1] = (byte) (0x80 | (text.length < 126 ? text.length : 126));
            if (head == 8) {
                frame[2] = (byte) (text.length >> 8);
                frame[3] = (byte) text.length;
            }
            System.arraycopy(text, 0, frame, head, text.length);
            socket.getOutputStream().write(frame);
        }

        /** Reads until this has come. */
        void awaits(String text) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] some = new byte[1 << 16];
            StringBuilder tail = new StringBuilder();
            while (tail.indexOf(text) < 0) {
                int n = in.read(some);
                assertTrue(n >= 0, () -> "closed before '" + text + "' came");
                tail.delete(0, Math.max(0, tail.length() - text.length()));
                tail.append(new String(some, 0, n, StandardCharsets.UTF_8));
            }
        }

        void register() throws IOException {
            say(new JsonObject().put("type", "register").put("address", Protocol.EVENTS));
            say(new JsonObject()
                    .put("type", "send")
                    .put("address", Protocol.COMMAND)
                    .put("body", new JsonObject())
                    .put("replyAddress", "registered"));
            awaits("registered");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A page that takes what comes. */
    private static final class Quick {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Quick(WebHouse house) throws Exception {
            WebSocket socket = house.page(heard);
            JsonObject register = new JsonObject().put("type", "register").put("address", Protocol.EVENTS);
            var _ = house.onLoop(() -> socket.writeTextMessage(
                    new JsonArray().add(register.encode()).encode()));
        }

        String next() throws InterruptedException {
            String message = heard.poll(60, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing came");
            }
            return message;
        }

        void awaits(String part) throws InterruptedException {
            while (!next().contains(part)) {
                // Something that came before.
            }
        }
    }

    private static void publish(WebHouse house, String id) {
        var _ = house.vertx
                .eventBus()
                .publish(Protocol.EVENTS, new JsonObject().put("id", id).put("text", "x".repeat(PART)));
    }

    private static void answerEverything(WebHouse house) {
        var _ = house.vertx
                .eventBus()
                .<JsonObject>localConsumer(
                        Protocol.COMMAND, message -> message.reply(new JsonObject().put("text", "x".repeat(PART))));
    }

    @Test
    void published_isDroppedForWhoDoesNotRead_whoIsTold_andTheOthersGetEverything() throws Exception {
        try (WebHouse house = new WebHouse(limits(Duration.ofHours(1)))) {
            answerEverything(house);
            Quick quick = new Quick(house);
            try (Slow slow = new Slow(house)) {
                slow.register();
                publishUntilHeard(house, quick);
                for (int i = 0; i < MANY; i++) {
                    publish(house, "number " + i + ".");
                    quick.awaits("number " + i + ".");
                    assertTrue(house.waiting() <= QUEUED + 2 * PART, "more waits than may");
                }
                slow.awaits("slow_consumer");
                slow.say(new JsonObject()
                        .put("type", "send")
                        .put("address", Protocol.COMMAND)
                        .put("body", new JsonObject())
                        .put("replyAddress", "still served"));
                slow.awaits("still served");
            }
        }
    }

    /** Registering is not answered; what is published before is not heard. */
    private static void publishUntilHeard(WebHouse house, Quick quick) throws Exception {
        WebHouse.until("the page is registered", () -> {
            publish(house, "first");
            String came = quick.heard.poll(100, TimeUnit.MILLISECONDS);
            return came != null && came.contains("first");
        });
    }

    @Test
    void repliesThatAreNotTaken_cutThePage_whichFindsANotice() throws Exception {
        try (WebHouse house = new WebHouse(limits(Duration.ofHours(1)))) {
            answerEverything(house);
            try (Slow slow = new Slow(house)) {
                slow.register();
                askUntilCut(house, slow);
                slow.awaits("slow_consumer: connection closed");
                assertTrue(house.waiting() == 0, "what waited for it is still counted");
            }
            house.assertServes();
        }
    }

    /** Asks and asks, and takes no answer. */
    private static void askUntilCut(WebHouse house, Slow slow) throws Exception {
        for (int i = 0; house.pages() > 0; i++) {
            slow.say(new JsonObject()
                    .put("type", "send")
                    .put("address", Protocol.COMMAND)
                    .put("body", new JsonObject())
                    .put("replyAddress", "r" + i));
            assertTrue(house.waiting() <= REPLIES + 2 * PART, "more waits than may");
        }
    }

    @Test
    void pageThatIsCut_andTakesNothing_isClosedAllTheSame() throws Exception {
        try (WebHouse house = new WebHouse(limits(Duration.ofMillis(100)))) {
            answerEverything(house);
            try (Slow slow = new Slow(house)) {
                slow.register();
                try {
                    askUntilCut(house, slow);
                } catch (java.net.SocketException cutAlready) {
                    assertTrue(slow.socket.isConnected());
                }
                WebHouse.until("it is closed", () -> house.connections() == 0);
            }
        }
    }

    @Test
    void manyThatDoNotRead_areCut_beforeTheyTakeTheRoomOfTheOthers() throws Exception {
        try (WebHouse house = new WebHouse(limits(Duration.ofHours(1)))) {
            answerEverything(house);
            Quick quick = new Quick(house);
            publishUntilHeard(house, quick);
            List<Slow> slow = new ArrayList<>();
            int pages = 12;
            for (int i = 0; i < pages; i++) {
                Slow one = new Slow(house);
                one.register();
                slow.add(one);
            }
            for (int i = 0; i < MANY; i++) {
                publish(house, "number " + i + ".");
                quick.awaits("number " + i + ".");
                assertTrue(house.waiting() <= ALL + pages * PART, "more waits than may");
            }
            // Each may have a quarter of the whole, so most had to go; all but the last of these at once.
            WebHouse.until("most are cut", () -> house.connections() <= 1 + 1 + ALL / QUEUED);
            assertEquals(pages, slow.size());
            for (Slow one : slow) {
                one.close();
            }
        }
    }
}
