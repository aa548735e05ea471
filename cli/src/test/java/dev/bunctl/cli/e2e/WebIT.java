package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web server as a browser, a scraper and an attacker see it. */
@Timeout(120)
class WebIT {
    private static final long PATIENCE_SECONDS = 60;

    private final Bunctl bunctl = new Bunctl();
    private final HttpClient http = HttpClient.newHttpClient();
    private String site = "";
    private String code = "";

    @BeforeEach
    void open() {
        String url = String.valueOf(
                bunctl.run("web", "--port", "0", "--json").succeeded().json().get("url"));
        site = url.substring(0, url.indexOf("/#"));
        code = url.substring(url.indexOf('=') + 1);
    }

    @AfterEach
    void close() throws Exception {
        http.close();
        bunctl.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(site + path));
    }

    private HttpRequest.Builder login(String body) {
        return to("/login")
                .header("Origin", site)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    /** The cookie of a session of this role, as a browser sends it back. */
    private String cookie(String role) throws Exception {
        String token = bunctl.run("token", "create", "--name", role, "--role", role)
                .succeeded()
                .out()
                .strip();
        HttpResponse<String> answer = send(login("{\"token\":\"" + token + "\"}"));
        assertEquals(200, answer.statusCode(), answer.body());
        return cookieOf(answer);
    }

    private static String cookieOf(HttpResponse<String> answer) {
        String set = answer.headers().firstValue("set-cookie").orElseThrow();
        assertTrue(set.contains("HTTPOnly") && set.contains("SameSite=Strict"), set);
        return set.substring(0, set.indexOf(';'));
    }

    @Test
    void healthIsToldToEverybody_andMetricsToWhoeverShowsAToken() throws Exception {
        assertEquals("ok\n", send(to("/healthz")).body());
        assertEquals("ready\n", send(to("/readyz")).body());
        assertEquals(401, send(to("/metrics")).statusCode());
        String token = bunctl.run("token", "create", "--name", "prometheus")
                .succeeded()
                .out()
                .strip();
        HttpResponse<String> metrics = send(to("/metrics").header("Authorization", "Bearer " + token));
        assertEquals(200, metrics.statusCode());
        for (String name : List.of("bunctl_daemon_heap_bytes", "bunctl_log_bytes_total", "bunctl_web_connections")) {
            assertTrue(metrics.body().contains(name), metrics.body());
        }
        // The command that made the token came over the bridge.
        assertTrue(
                metrics.body()
                        .lines()
                        .anyMatch(line -> line.matches("bunctl_bridge_frames_total\\{direction=\"in\"} [1-9].*")),
                metrics.body());
        bunctl.run("token", "revoke", "prometheus").succeeded();
        assertEquals(
                401,
                send(to("/metrics").header("Authorization", "Bearer " + token)).statusCode());
    }

    @Test
    void metrics_areToldToEverybody_whereASettingSaysSo_andNothingElseIs() throws Exception {
        try (Bunctl open = new Bunctl()) {
            Files.createDirectories(open.home());
            Files.writeString(
                    open.home().resolve("daemon.json"),
                    "{\"version\": 1, \"web\": {\"enabled\": true, \"port\": 0, \"open_metrics\": true}}");
            reopened(open);
            HttpResponse<String> metrics = send(to("/metrics"));
            assertEquals(200, metrics.statusCode());
            assertTrue(metrics.body().contains("bunctl_daemon_heap_bytes"), metrics.body());
            assertEquals(401, send(to("/session")).statusCode());

            // Another command about the page leaves the setting as it was.
            open.run("web", "--off").succeeded();
            reopened(open);
            assertEquals(200, send(to("/metrics")).statusCode());
        }
    }

    private void reopened(Bunctl daemon) {
        String url =
                String.valueOf(daemon.run("web", "--json").succeeded().json().get("url"));
        site = url.substring(0, url.indexOf("/#"));
    }

    @Test
    void open_showsThePageInTheBrowserOfTheDesktop() throws Exception {
        Path opener = bunctl.write("xdg-open", "#!/bin/sh\necho \"$1\" > \"$0.opened\"\n");
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));
        bunctl.with("PATH", bunctl.folder() + ":" + System.getenv("PATH"));
        String url = bunctl.run("web", "--open").succeeded().out();
        Path opened = bunctl.folder().resolve("xdg-open.opened");
        Bunctl.await(() -> "the page was opened", () -> opened.toFile().length() > 0);
        assertEquals(url, Files.readString(opened));
        assertTrue(url.startsWith(site + "/#login="), url);
    }

    @Test
    void page_mayRunNothingButItsOwn_andMayNotBeFramed() throws Exception {
        HttpResponse<String> page = send(to("/"));
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("content-security-policy").orElseThrow();
        assertTrue(policy.contains("script-src 'self';"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("DENY", page.headers().firstValue("x-frame-options").orElseThrow());
        assertEquals(
                "nosniff", page.headers().firstValue("x-content-type-options").orElseThrow());
    }

    @Test
    void linkOfTheCommand_logsInOnce_andLogoutEndsTheSession() throws Exception {
        HttpResponse<String> first = send(login("{\"code\":\"" + code + "\"}"));
        assertEquals(200, first.statusCode(), first.body());
        assertEquals(401, send(login("{\"code\":\"" + code + "\"}")).statusCode());
        String cookie = cookieOf(first);
        assertTrue(send(to("/session").header("Cookie", cookie)).body().contains("\"role\":\"admin\""));
        HttpRequest.Builder logout =
                to("/logout").header("Cookie", cookie).header("Origin", site).POST(BodyPublishers.noBody());
        assertEquals(204, send(logout).statusCode());
        assertEquals(401, send(to("/session").header("Cookie", cookie)).statusCode());
    }

    @Test
    void whatAnotherSiteMakesABrowserSend_isRefused() throws Exception {
        String cookie = cookie("operator");
        HttpRequest.Builder forged = to("/logout")
                .header("Cookie", cookie)
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.noBody());
        assertEquals(403, send(forged).statusCode());
        HttpRequest.Builder without =
                to("/login").header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}"));
        assertEquals(403, send(without).statusCode());
        HttpRequest.Builder form = to("/login")
                .header("Origin", site)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"));
        assertEquals(415, send(form).statusCode());
        assertEquals(200, send(to("/session").header("Cookie", cookie)).statusCode(), "the session is as it was");
    }

    @Test
    void socketOfAnotherOrigin_orWithoutLogin_isRefused() throws Exception {
        String cookie = cookie("observer");
        assertThrows(CompletionException.class, () -> socket("http://evil.example", cookie, new Frames()));
        assertThrows(CompletionException.class, () -> socket(site, "bunctl=x", new Frames()));
        WebSocket accepted = socket(site, cookie, new Frames());
        accepted.abort();
    }

    @Test
    void roleDecides_andHeadersCannotBeForged() throws Exception {
        Frames frames = new Frames();
        WebSocket socket = socket(site, cookie("observer"), frames);
        assertTrue(frames.next().startsWith("o"));
        send(
                socket,
                "{'type':'send','address':'bunctl.v1.command','replyAddress':'r1',"
                        + "'body':{'version':1,'command':'stop','apps':'all'}}");
        assertTrue(frames.next("r1").contains("FORBIDDEN"));
        send(
                socket,
                "{'type':'send','address':'bunctl.v1.command','replyAddress':'r2',"
                        + "'headers':{'Bunctl-peer-role':'admin'},'body':{'version':1,'command':'stop','apps':'all'}}");
        assertTrue(frames.next("rejected").contains("err"));
        send(socket, "{'type':'send','address':'bunctl.internal.control','replyAddress':'r3','body':{}}");
        assertTrue(frames.next("access_denied").contains("err"));
        send(socket, "{'type':'register','address':'bunctl.internal.events'}");
        assertTrue(frames.next("access_denied").contains("err"));
        send(
                socket,
                "{'type':'send','address':'bunctl.v1.command','replyAddress':'r4',"
                        + "'body':{'version':1,'command':'ping'}}");
        assertTrue(frames.next("r4").contains("pong"));
        socket.abort();
    }

    @Test
    void registrationsOfPages_areAudited_onceEach() throws Exception {
        Frames frames = new Frames();
        WebSocket socket = socket(site, cookie("observer"), frames);
        assertTrue(frames.next().startsWith("o"));
        send(socket, "{'type':'register','address':'bunctl.v1.events'}");
        send(socket, "{'type':'register','address':'bunctl.v1.events'}");
        assertTrue(frames.next("already_registered").contains("err"));
        send(socket, "{'type':'register','address':'bunctl.internal.events'}");
        assertTrue(frames.next("access_denied").contains("err"));
        send(
                socket,
                "{'type':'send','address':'bunctl.v1.command','replyAddress':'r1',"
                        + "'body':{'version':1,'command':'ping'}}");
        assertTrue(frames.next("r1").contains("pong"));
        socket.abort();

        List<String> told = Files.readAllLines(bunctl.home().resolve("audit.log")).stream()
                .filter(line -> line.contains("\"register\""))
                .toList();
        assertEquals(2, told.size(), told::toString);
        assertTrue(told.getFirst().contains("token observer") && told.getFirst().contains("127.0.0.1"));
        assertTrue(
                told.getFirst().contains("bunctl.v1.events") && told.getFirst().contains("done"));
        assertTrue(told.getLast().contains("bunctl.internal.events")
                && told.getLast().contains("refused"));
    }

    @Test
    void revokedToken_endsItsPages() throws Exception {
        String cookie = cookie("operator");
        Frames frames = new Frames();
        WebSocket socket = socket(site, cookie, frames);
        assertTrue(frames.next().startsWith("o"));
        bunctl.run("token", "revoke", "operator").succeeded();
        assertTrue(frames.closed());
        assertEquals(401, send(to("/session").header("Cookie", cookie)).statusCode());
        socket.abort();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../daemon.json",
                "/assets/../../../../etc/passwd",
                "/assets/..%2f..%2fPage.class",
                "/%2e%2e/%2e%2e/state/tokens.json",
                "/files.txt",
                "//etc/passwd",
                "/assets/%00",
                "/Page.class"
            })
    void pathThatLeadsElsewhere_findsNothing(String path) throws Exception {
        URI uri = URI.create(site);
        try (Socket raw = new Socket(uri.getHost(), uri.getPort())) {
            OutputStream out = raw.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answer = new String(raw.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.matches("(?s)HTTP/1.1 40[04].*"), answer);
        }
    }

    @Test
    void guesser_isSlowedDown() throws Exception {
        List<Integer> answers = IntStream.range(0, 12)
                .mapToObj(i -> status("{\"token\":\"guess" + i + "\"}"))
                .toList();
        assertEquals(401, answers.getFirst());
        assertEquals(429, answers.getLast());
    }

    private int status(String body) {
        try {
            return send(login(body)).statusCode();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void loginAndPort_outliveTheDaemon_andOffClosesThePage() throws Exception {
        String cookie = cookie("operator");
        long daemon = (Long) bunctl.run("ping", "--json").succeeded().json().get("daemon_pid");
        ProcessHandle process = ProcessHandle.of(daemon).orElseThrow();
        assertTrue(process.destroyForcibly());
        process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        bunctl.run("ping").succeeded();
        assertEquals(200, send(to("/session").header("Cookie", cookie)).statusCode());
        bunctl.run("web", "--off").succeeded();
        assertThrows(ConnectException.class, () -> send(to("/healthz")));
    }

    private WebSocket socket(String origin, String cookie, Frames frames) {
        return http.newWebSocketBuilder()
                .header("Origin", origin)
                .header("Cookie", cookie)
                .buildAsync(URI.create(site.replace("http:", "ws:") + "/bus/000/abcdefgh/websocket"), frames)
                .join();
    }

    private static void send(WebSocket socket, String message) {
        String json = message.replace('\'', '"');
        assertNotNull(socket.sendText("[\"" + json.replace("\"", "\\\"") + "\"]", true)
                .join());
    }

    /** What a socket hears. */
    private static final class Frames implements WebSocket.Listener {
        private static final String CLOSED = "closed";

        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                all.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            all.add(CLOSED);
            return CompletableFuture.completedStage(null);
        }

        String next() throws InterruptedException {
            String frame = all.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertNotNull(frame, "nothing came");
            return frame;
        }

        /** The next frame that has this in it. */
        String next(String part) throws InterruptedException {
            String frame = next();
            while (!frame.contains(part)) {
                frame = next();
            }
            return frame;
        }

        boolean closed() throws InterruptedException {
            return next(CLOSED).equals(CLOSED);
        }
    }
}
