package dev.bunctl.verticles.access;

import dev.bunctl.conf.daemon.Tls;
import dev.bunctl.verticles.state.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The certificate of this home, {@code <home>/tls}: made on first use, kept ever after, so that clients can hold on to its
 * fingerprint. Every method blocks and belongs off the event loop.
 */
public final class OwnCertificate {
    /** It is valid so long; one that has ended is made anew. */
    static final Duration VALIDITY = Duration.ofDays(3650);

    /** Clocks differ: it is valid from so long ago. */
    private static final Duration EARLIER = Duration.ofDays(1);

    private static final int MAX_BYTES = 64 << 10;
    private static final int SERIAL_BITS = 127;
    private static final int LINE = 64;

    private final AtomicFile chain;
    private final AtomicFile key;
    private final InstantSource clock;

    public OwnCertificate(Path home, InstantSource clock) {
        Path folder = home.resolve("tls");
        this.chain = new AtomicFile(folder, "certificate.pem", MAX_BYTES);
        this.key = new AtomicFile(folder, "key.pem", MAX_BYTES);
        this.clock = clock;
    }

    /** Its files, made when they are not there. */
    public synchronized Tls.Certificate.Files files() throws IOException {
        if (!isUsable()) {
            make();
        }
        return new Tls.Certificate.Files(
                chain.path().toAbsolutePath(), key.path().toAbsolutePath());
    }

    private boolean isUsable() throws IOException {
        if (chain.read().isEmpty() || key.read().isEmpty()) {
            return false;
        }
        return read(chain.path()).getNotAfter().toInstant().isAfter(clock.instant());
    }

    private void make() throws IOException {
        Instant now = clock.instant();
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keys = generator.generateKeyPair();
            BigInteger serial = new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
            byte[] certificate =
                    SelfSigned.certificate(keys, serial, "bunctl", hosts(), now.minus(EARLIER), now.plus(VALIDITY));
            // The key first: a certificate without its key would be taken for a whole pair's half.
            key.replace(pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            chain.replace(pem("CERTIFICATE", certificate));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has elliptic curves and SHA-256", impossible);
        }
    }

    /** Every name and address that this host is known to have now. */
    private static List<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
        try {
            InetAddress self = InetAddress.getLocalHost();
            if (self.getHostName().matches("[A-Za-z0-9.-]{1,253}")) {
                hosts.add(self.getHostName());
            }
            hosts.add(self.getHostAddress());
        } catch (UnknownHostException unnamed) {
            return new ArrayList<>(hosts);
        }
        return new ArrayList<>(hosts);
    }

    private static byte[] pem(String kind, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The fingerprint by which a client knows a server: SHA-256 of the first certificate in a PEM file. */
    public static String fingerprint(Path chain) throws IOException {
        try {
            return fingerprint(read(chain).getEncoded());
        } catch (GeneralSecurityException unreadable) {
            throw new IOException(chain + " is no certificate: " + unreadable.getMessage(), unreadable);
        }
    }

    /** As OpenSSL shows it: pairs of hexadecimal digits with colons between. */
    static String fingerprint(byte[] der) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    }

    private static X509Certificate read(Path chain) throws IOException {
        byte[] bytes = Files.readAllBytes(chain);
        try {
            Certificate first =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
            if (first instanceof X509Certificate certificate) {
                return certificate;
            }
            throw new IOException(chain + " holds no X.509 certificate");
        } catch (GeneralSecurityException unreadable) {
            throw new IOException(chain + " is no certificate: " + unreadable.getMessage(), unreadable);
        }
    }
}
