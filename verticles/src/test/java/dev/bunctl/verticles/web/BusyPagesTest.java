package dev.bunctl.verticles.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that send much. */
@Timeout(300)
class BusyPagesTest {
    private static final int A_SECOND = 200;

    private static void say(WebHouse house, WebSocket socket, String list) throws Exception {
        var _ = house.onLoop(() -> socket.writeTextMessage(list));
    }

    private static String request(int number) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("type", "send")
                        .put("address", Protocol.COMMAND)
                        .put("body", new JsonObject().put("quoted", "\"\\\""))
                        .put("replyAddress", "r" + number)
                        .encode())
                .encode();
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String message = heard.poll(60, TimeUnit.SECONDS);
        assertNotNull(message, "nothing came");
        return message;
    }

    private static void awaits(String part, BlockingQueue<String> heard) throws InterruptedException {
        while (!next(heard).contains(part)) {
            // Something that came before.
        }
    }

    @Test
    void messagesOverTheRate_areReadLater_andNoneIsLost() throws Exception {
        try (WebHouse house = new WebHouse(WebLimits.DEFAULT)) {
            var _ = house.vertx
                    .eventBus()
                    .<JsonObject>localConsumer(Protocol.COMMAND, message -> message.reply(new JsonObject()));
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            WebSocket socket = house.page(heard);
            Set<String> missing = new HashSet<>();
            int many = 3 * A_SECOND;
            for (int i = 0; i < many; i++) {
                missing.add("\\\"address\\\":\\\"r" + i + "\\\"");
                say(house, socket, request(i));
            }
            while (!missing.isEmpty()) {
                String came = next(heard);
                missing.removeIf(came::contains);
            }
            assertEquals(1, house.pages());
        }
    }

    @Test
    void thousandsOfMessagesInOneFrame_endThePage_whichIsTold() throws Exception {
        try (WebHouse house = new WebHouse(WebLimits.DEFAULT)) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            WebSocket socket = house.page(heard);
            socket.closeHandler(_ -> heard.add("closed"));
            say(house, socket, new JsonArray(Collections.nCopies(30 * A_SECOND, "{}")).encode());
            awaits("too_many_messages: connection closed", heard);
            awaits("closed", heard);
            WebHouse.until("it is gone", () -> house.pages() == 0);
            house.assertServes();
        }
    }

    @Test
    void messageThatBeginsWithNothing_endsThePage() throws Exception {
        try (WebHouse house = new WebHouse(WebLimits.DEFAULT)) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            WebSocket socket = house.page(heard);
            var _ = house.onLoop(() -> socket.writeFrame(WebSocketFrame.textFrame("", false)));
            awaits("empty_fragment: connection closed", heard);
            WebHouse.until("it is gone", () -> house.pages() == 0);
        }
    }

    @Test
    void messagesTheBridgeRefuses_countToo() throws Exception {
        try (WebHouse house = new WebHouse(WebLimits.DEFAULT)) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            WebSocket socket = house.page(heard);
            // Escaped quotes begin and end no message.
            say(house, socket, new JsonArray(Collections.nCopies(A_SECOND, "\"\"\"\"\"\"\"\"")).encode());
            awaits("invalid_json", heard);
            assertEquals(1, house.pages());
            say(house, socket, new JsonArray(Collections.nCopies(15 * A_SECOND, "x")).encode());
            awaits("too_many_messages: connection closed", heard);
        }
    }
}
