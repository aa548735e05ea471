package dev.bunctl.verticles.web;

import dev.bunctl.bridge.server.Authenticator;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Optional;

/**
 * How the page is reached.
 *
 * @param host an IP address of this host, or {@code localhost}
 * @param port 0 for any free one
 * @param tls the certificate, or empty for plain HTTP
 * @param openMetrics whether {@code /metrics} is answered without a token
 * @param authenticator who tokens belong to
 */
public record WebAccess(
        String host, int port, Optional<Certificate> tls, boolean openMetrics, Authenticator authenticator) {
    /**
     * What the server shows.
     *
     * @param identity its certificate and key
     * @param clients who signs the certificates that browsers must show, or empty when they need none
     */
    public record Certificate(PemKeyCertOptions identity, Optional<PemTrustOptions> clients) {}
}
