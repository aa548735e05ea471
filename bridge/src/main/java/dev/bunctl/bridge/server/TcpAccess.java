package dev.bunctl.bridge.server;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a bridge is reached over TCP. Nobody is served without a token; off loopback nobody is served without TLS.
 *
 * @param host an IP address of this host, or {@code localhost}
 * @param port 0 for any free one
 * @param tls the server's certificate, or empty on loopback
 * @param authenticator who tokens belong to
 */
public record TcpAccess(String host, int port, Optional<Tls> tls, Authenticator authenticator) {
    public TcpAccess {
        if (tls.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("the bridge on " + host + " needs TLS: only loopback may go without");
        }
    }

    /**
     * PEM files.
     *
     * @param certificate the server's certificate chain
     * @param key its private key
     * @param clientAuthority who signs the certificates that clients must show, or empty when they need none
     */
    public record Tls(Path certificate, Path key, Optional<Path> clientAuthority) {}

    /** Only literal addresses are taken: a name could mean another address tomorrow. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    }

    NetServerOptions options() {
        NetServerOptions options = new NetServerOptions().setHost(host).setPort(port);
        if (tls.isEmpty()) {
            return options;
        }
        Tls files = tls.get();
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(files.certificate().toString())
                        .setKeyPath(files.key().toString()));
        files.clientAuthority()
                .ifPresent(authority -> options.setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertPath(authority.toString())));
        return options;
    }
}
