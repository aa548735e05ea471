package dev.bunctl.verticles.web;

import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.daemon.Tls.Certificate;
import dev.bunctl.conf.daemon.WebSettings;
import dev.bunctl.verticles.access.Access;
import dev.bunctl.verticles.access.OwnCertificate;
import dev.bunctl.verticles.log.LogVolume;
import dev.bunctl.webui.Page;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The web page while it is open. Used from one event loop. */
final class OpenPage {
    private final WebServer server;
    private final WebSessions sessions;
    private final WebSettings settings;
    private final Endpoint endpoint;
    private final Optional<String> fingerprint;

    /** What is read from disks before the page can be opened. */
    private record Prepared(
            Map<String, Page.File> files,
            List<WebSession> sessions,
            Optional<WebAccess.Certificate> certificate,
            Optional<String> fingerprint) {}

    private OpenPage(
            WebServer server, WebSessions sessions, WebSettings settings, int port, Optional<String> fingerprint) {
        this.server = server;
        this.sessions = sessions;
        this.settings = settings;
        this.endpoint = new Endpoint(settings.endpoint().address(), port);
        this.fingerprint = fingerprint;
    }

    /** Opens it; fails when its files cannot be read or the port is taken. */
    static Future<OpenPage> open(
            Vertx vertx, Path home, Access access, WebSettings settings, ConnectionListener edge, LogVolume logs) {
        WebSessionFile file = new WebSessionFile(vertx, home);
        return vertx.executeBlocking(() -> prepare(file, access, settings)).compose(prepared -> {
            Endpoint endpoint = settings.endpoint();
            WebAccess reached = new WebAccess(
                    endpoint.address(),
                    endpoint.port(),
                    prepared.certificate(),
                    settings.openMetrics(),
                    access.tokens());
            WebSessions sessions = new WebSessions(InstantSource.system(), prepared.sessions(), file::write);
            WebServer server = new WebServer(vertx, reached, sessions, edge, logs, prepared.files(), WebLimits.DEFAULT);
            return server.open()
                    .map(port -> new OpenPage(server, sessions, settings, port, prepared.fingerprint()))
                    .recover(cause -> server.close().transform(_ -> Future.failedFuture(cause)));
        });
    }

    private static Prepared prepare(WebSessionFile sessions, Access access, WebSettings settings) throws IOException {
        Optional<Certificate.Files> files = switch (settings.tls().certificate()) {
            case Certificate.Own() -> Optional.of(access.certificate().files());
            case Certificate.Files given -> Optional.of(given);
            case Certificate.None() -> Optional.empty();
        };
        return new Prepared(
                Page.files(),
                sessions.read(),
                certificate(files, settings),
                files.isEmpty()
                        ? Optional.empty()
                        : Optional.of(OwnCertificate.fingerprint(files.get().chain())));
    }

    private static Optional<WebAccess.Certificate> certificate(
            Optional<Certificate.Files> files, WebSettings settings) {
        return files.map(given -> new WebAccess.Certificate(
                new PemKeyCertOptions()
                        .setCertPath(given.chain().toString())
                        .setKeyPath(given.key().toString()),
                settings.tls()
                        .clientAuthority()
                        .map(authority -> new PemTrustOptions().addCertPath(authority.toString()))));
    }

    int port() {
        return endpoint.port();
    }

    /** Where it listens, with the port that was found. */
    Endpoint endpoint() {
        return endpoint;
    }

    /** SHA-256 of the certificate that it shows; empty without TLS. */
    Optional<String> fingerprint() {
        return fingerprint;
    }

    /** Where a browser of this host finds it. */
    String url() {
        boolean encrypted = !(settings.tls().certificate() instanceof Certificate.None);
        return (encrypted ? "https://" : "http://") + endpoint.fromHere() + "/";
    }

    String invite(Peer.Bearer peer) {
        return server.invite(peer);
    }

    void sampled(Metrics sample) {
        server.sampled(sample);
    }

    /** Whoever logged in with this token is logged out. */
    void tokenEnded(String name) {
        sessions.closeOf(name);
        server.dropEnded();
    }

    Future<Void> close() {
        return server.close();
    }
}
