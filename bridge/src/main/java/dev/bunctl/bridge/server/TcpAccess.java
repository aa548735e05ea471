package dev.bunctl.bridge.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
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
    private static final long MAX_FILE = 1 << 20;

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

    /** Of the server itself, which encrypts a connection only when it has been counted. */
    NetServerOptions options() {
        return new NetServerOptions().setHost(host).setPort(port);
    }

    /**
     * How connections are encrypted, or empty. Reads the files: blocks.
     *
     * @throws IllegalArgumentException when they are no certificate, key or authority
     */
    Optional<ServerSSLOptions> encryption(Vertx vertx) {
        return tls.map(files -> {
            try {
                return options(files, vertx);
            } catch (Exception unusable) {
                throw new IllegalArgumentException(String.valueOf(unusable.getMessage()), unusable);
            }
        });
    }

    /** Read once and tried here: afterwards each connection takes what is in memory. */
    private static ServerSSLOptions options(Tls files, Vertx vertx) throws Exception {
        PemKeyCertOptions shown =
                new PemKeyCertOptions().addCertValue(read(files.certificate())).addKeyValue(read(files.key()));
        var _ = shown.getKeyManagerFactory(vertx);
        ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(shown);
        if (files.clientAuthority().isPresent()) {
            PemTrustOptions trusted = new PemTrustOptions()
                    .addCertValue(read(files.clientAuthority().get()));
            var _ = trusted.getTrustManagerFactory(vertx);
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(trusted);
        }
        return options;
    }

    private static Buffer read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is too large for PEM");
        }
        return Buffer.buffer(Files.readAllBytes(file));
    }
}
