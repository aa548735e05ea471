package dev.bunctl.verticles.web;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.verticles.log.LogVolume;
import dev.bunctl.webui.Page;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A web server with limits of its own, and what tests do to it. */
final class WebHouse implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String HOST = "127.0.0.1";
    private static final int SMALL = 4096;

    final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
            .build();
    private final Context loop = vertx.getOrCreateContext();

    /** Kept here: one that nobody holds is closed with all its connections when it is collected. */
    private final WebSocketClient client = vertx.createWebSocketClient();

    final Map<String, Page.File> files;
    final int port;
    private final WebSessions sessions = new WebSessions(InstantSource.system(), List.of(), _ -> {});
    private final WebServer server;

    WebHouse(WebLimits limits) throws Exception {
        files = Page.files();
        WebAccess access = new WebAccess(HOST, 0, Optional.empty(), false, (token, from) -> Optional.empty());
        server = new WebServer(vertx, access, sessions, ConnectionListener.NONE, new LogVolume(), files, limits);
        port = onLoop(server::open);
    }

    /** Does something on the server's event loop. */
    <T> T onLoop(Callable<Future<T>> step) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(_ -> {
            try {
                step.call().onComplete(done);
            } catch (Exception failure) {
                done.fail(failure);
            }
        });
        return done.future().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    int connections() throws Exception {
        return onLoop(() -> Future.succeededFuture(server.connections()));
    }

    int pages() throws Exception {
        return onLoop(() -> Future.succeededFuture(server.pages()));
    }

    /** Characters that wait for all pages. */
    long waiting() throws Exception {
        return onLoop(() -> Future.succeededFuture(server.waiting()));
    }

    /** A client that takes little at a time. */
    Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    Socket connect(String text) throws IOException {
        Socket socket = connect();
        write(socket, text);
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a cookie of a page that is logged in says. */
    String cookie() throws Exception {
        String secret = onLoop(() -> Future.succeededFuture(sessions.open(new Peer.Bearer("ci", Role.ADMIN, HOST))));
        return "bunctl-" + port + "=" + secret;
    }

    /** A page that takes what comes. */
    WebSocket page(Collection<String> heard) throws Exception {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(HOST)
                .setPort(port)
                .setURI("/bus/000/abcdefgi/websocket")
                .addHeader("Origin", site())
                .addHeader("Cookie", cookie());
        return onLoop(() -> client.connect(options).onSuccess(opened -> opened.textMessageHandler(heard::add)));
    }

    String site() {
        return "http://" + HOST + ":" + port;
    }

    /** Returns once a client that means well was answered; one that comes in a bad moment may try again, as browsers do. */
    void assertServes() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(site() + "/healthz")).build();
            until("a client is served", () -> {
                try {
                    return client.send(request, BodyHandlers.ofString()).body().equals("ok\n");
                } catch (IOException cut) {
                    return false;
                }
            });
        }
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plusSeconds(PATIENCE_SECONDS);
        while (!condition.call()) {
            assertTrue(Instant.now().isBefore(end), "not in time: " + what);
            Thread.onSpinWait();
        }
    }

    /** Reads to the end, which a reset is too; the result is how many bytes came. */
    static long untilCut(Socket socket) throws IOException {
        long read = 0;
        byte[] some = new byte[1 << 16];
        try (socket) {
            for (int n = 0; n >= 0; n = socket.getInputStream().read(some)) {
                read += n;
            }
        } catch (java.net.SocketException reset) {
            assertTrue(socket.isClosed());
        }
        return read;
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
