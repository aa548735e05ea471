package dev.bunctl.verticles.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.webui.Page;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP clients that are slow on purpose: each is cut, and the others are served meanwhile. */
@Timeout(240)
class SlowClientsTest {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int KERNEL_BUFFERS = 32 << 20;
    private static final String HEAD = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n";

    private static WebLimits limits(int connections, Duration firstRequest, Duration request, long untaken) {
        return new WebLimits(connections, 4, firstRequest, request, untaken, 1, 1, 1, 1, NEVER, NEVER);
    }

    /** Sends this, and then one byte after the other until it is cut off. */
    private static CompletableFuture<Void> trickle(WebHouse house, String first) throws IOException {
        Socket socket = house.connect(first);
        return CompletableFuture.runAsync(() -> {
            try (socket) {
                while (true) {
                    socket.getOutputStream().write('x');
                }
            } catch (SocketException cut) {
                assertTrue(socket.isClosed());
            } catch (IOException other) {
                throw new AssertionError(other);
            }
        });
    }

    @Test
    void headerThatTrickles_isCut_whileOthersAreServed() throws Exception {
        try (WebHouse house = new WebHouse(limits(100, SOON, NEVER, 1))) {
            CompletableFuture<Void> cut = slowly(house, HEAD + "X-Slow: ");
            house.assertServes();
            cut.join();
            house.assertServes();
        }
    }

    @Test
    void bodyThatTrickles_isCut_whileOthersAreServed() throws Exception {
        try (WebHouse house = new WebHouse(limits(100, NEVER, SOON, 1))) {
            CompletableFuture<Void> cut = slowly(
                    house,
                    "POST /login HTTP/1.1\r\nHost: 127.0.0.1:" + house.port + "\r\nOrigin: " + house.site()
                            + "\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n");
            house.assertServes();
            cut.join();
            house.assertServes();
        }
    }

    /** One byte for each answer that another client got: it would take far longer than any limit. */
    private static CompletableFuture<Void> slowly(WebHouse house, String first) throws Exception {
        Socket socket = house.connect(first);
        return CompletableFuture.runAsync(() -> {
            try (socket) {
                while (true) {
                    house.assertServes();
                    socket.getOutputStream().write('x');
                }
            } catch (SocketException cut) {
                assertTrue(socket.isClosed());
            } catch (Exception other) {
                throw new AssertionError(other);
            }
        });
    }

    @Test
    void clientsThatSayNothing_giveWayToWhoComesLater() throws Exception {
        int room = 8;
        try (WebHouse house = new WebHouse(limits(room, NEVER, NEVER, 1))) {
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 5 * room; i++) {
                silent.add(house.connect());
            }
            house.assertServes();
            for (Socket one : silent.subList(0, 4 * room)) {
                assertEquals(0, WebHouse.untilCut(one));
            }
            house.assertServes();
            assertTrue(house.connections() <= room, "more connections than there is room for");
            for (Socket one : silent) {
                one.close();
            }
        }
    }

    @Test
    void connectionOnWhichNoFurtherRequestComes_isClosed() throws Exception {
        try (WebHouse house = new WebHouse(limits(100, NEVER, SOON, 1))) {
            Socket socket = house.connect(HEAD + "\r\n");
            assertTrue(WebHouse.untilCut(socket) > 0, "the request was answered");
            house.assertServes();
        }
    }

    @Test
    void headerWithoutEnd_isRefused() throws Exception {
        try (WebHouse house = new WebHouse(limits(100, NEVER, NEVER, 1))) {
            trickle(house, HEAD + "X-Long: ").join();
            house.assertServes();
        }
    }

    @Test
    void answersThatAreNotTaken_areBounded_andTheSlowestGivesWay() throws Exception {
        Map.Entry<String, Page.File> file = Page.files().entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().content().length))
                .orElseThrow();
        int size = file.getValue().content().length;
        int room = 2;
        try (WebHouse house = new WebHouse(limits(100, NEVER, NEVER, (long) room * size))) {
            String request = "GET /" + file.getKey() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 10 * room; i++) {
                Socket one = house.connect();
                // So many that the kernel cannot keep the answers in the client's place.
                ask(one, request.repeat(KERNEL_BUFFERS / size));
                slow.add(one);
            }
            WebHouse.until("most are cut", () -> house.connections() <= room);
            house.assertServes();
            for (Socket one : slow) {
                one.close();
            }
        }
    }

    private static void ask(Socket socket, String requests) {
        try {
            WebHouse.write(socket, requests);
        } catch (IOException cut) {
            assertTrue(socket.isConnected());
        }
    }
}
