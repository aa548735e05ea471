package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The web page over TLS, as a browser that trusts one certificate sees it. */
@Timeout(180)
class WebTlsIT {
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void page_withTheCertificateThatBunctlMakes() throws Exception {
        try (Bunctl bunctl = new Bunctl()) {
            settings(bunctl, "\"tls\": \"own\"");
            isServed(bunctl, bunctl.home().resolve("tls/certificate.pem"));
        }
    }

    @Test
    void page_withACertificateOfOnesOwn() throws Exception {
        try (Bunctl maker = new Bunctl();
                Bunctl bunctl = new Bunctl()) {
            settings(maker, "\"tls\": \"own\"");
            maker.run("web", "--json").succeeded();
            Path made = maker.home().resolve("tls");
            Path certificate =
                    Files.copy(made.resolve("certificate.pem"), bunctl.folder().resolve("cert.pem"));
            Path key = Files.copy(made.resolve("key.pem"), bunctl.folder().resolve("key.pem"));
            settings(bunctl, "\"tls\": \"files\", \"certificate\": \"" + certificate + "\", \"key\": \"" + key + "\"");
            isServed(bunctl, certificate);
        }
    }

    @Test
    void pageOnEveryAddress_isToldAtOneThatCanBeOpened_withItsFingerprint() throws Exception {
        try (Bunctl bunctl = new Bunctl()) {
            Bunctl.Result opened =
                    bunctl.run("web", "--address", "0.0.0.0", "--port", "0").succeeded();
            assertTrue(opened.out().startsWith("https://127.0.0.1:"), opened.out());
            assertTrue(opened.err().contains("listens on every address (0.0.0.0:"), opened.err());
            Map<String, Object> told = bunctl.run("web", "--json").succeeded().json();
            assertEquals("0.0.0.0", told.get("address"));
            assertTrue(opened.err().contains(String.valueOf(told.get("fingerprint"))), opened.err());
            Path certificate = bunctl.home().resolve("tls/certificate.pem");
            try (InputStream in = Files.newInputStream(certificate)) {
                byte[] der = CertificateFactory.getInstance("X.509")
                        .generateCertificate(in)
                        .getEncoded();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
                assertEquals(HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest), told.get("fingerprint"));
            }
            isServed(bunctl, certificate);
        }
    }

    private static void settings(Bunctl bunctl, String tls) throws Exception {
        Files.createDirectories(bunctl.home());
        Files.writeString(
                bunctl.home().resolve("daemon.json"),
                "{\"version\": 1, \"web\": {\"enabled\": true, \"address\": \"127.0.0.1\", \"port\": 0, " + tls + "}}");
    }

    private static void isServed(Bunctl bunctl, Path certificate) throws Exception {
        String url =
                String.valueOf(bunctl.run("web", "--json").succeeded().json().get("url"));
        String site = url.substring(0, url.indexOf("/#"));
        assertTrue(site.startsWith("https://127.0.0.1:"), url);
        try (HttpClient stranger = HttpClient.newHttpClient()) {
            HttpRequest page = HttpRequest.newBuilder(URI.create(site)).build();
            assertThrows(SSLHandshakeException.class, () -> stranger.send(page, BodyHandlers.ofString()));
        }
        try (HttpClient browser =
                HttpClient.newBuilder().sslContext(trusting(certificate)).build()) {
            HttpResponse<String> page =
                    browser.send(HttpRequest.newBuilder(URI.create(site)).build(), BodyHandlers.ofString());
            assertEquals(200, page.statusCode());
            assertTrue(page.headers().firstValue("strict-transport-security").isPresent(), page.headers()::toString);
            HttpRequest login = HttpRequest.newBuilder(URI.create(site + "/login"))
                    .header("Origin", site)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"code\":\"" + url.substring(url.indexOf('=') + 1) + "\"}"))
                    .build();
            HttpResponse<String> in = browser.send(login, BodyHandlers.ofString());
            assertEquals(200, in.statusCode(), in.body());
            String set = in.headers().firstValue("set-cookie").orElseThrow();
            assertTrue(set.startsWith("__Host-bunctl-"), set);
            assertTrue(set.contains("Secure") && set.contains("HTTPOnly") && set.contains("SameSite=Strict"), set);
            CompletableFuture<String> opened = new CompletableFuture<>();
            WebSocket socket = browser.newWebSocketBuilder()
                    .header("Origin", site)
                    .header("Cookie", set.substring(0, set.indexOf(';')))
                    .buildAsync(
                            URI.create(site.replace("https:", "wss:") + "/bus/000/abcdefgh/websocket"),
                            new FirstFrame(opened))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals("o", opened.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            socket.abort();
        }
    }

    /** Hears what the server says first. */
    private record FirstFrame(CompletableFuture<String> heard) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.complete(String.valueOf(data));
            return CompletableFuture.completedStage(null);
        }
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "daemon", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
