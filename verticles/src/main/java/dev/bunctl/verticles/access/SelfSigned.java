package dev.bunctl.verticles.access;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.List;

/** Makes a certificate that its own key signs: X.509 v3, ECDSA with SHA-256. Pure but for the randomness of the signature. */
final class SelfSigned {
    private static final byte[] ECDSA_WITH_SHA256 = DerWriter.sequence(DerWriter.identifier(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] COMMON_NAME = DerWriter.identifier(2, 5, 4, 3);
    private static final byte[] BASIC_CONSTRAINTS = DerWriter.identifier(2, 5, 29, 19);
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = DerWriter.identifier(2, 5, 29, 17);
    private static final byte[] EXTENDED_KEY_USAGE = DerWriter.identifier(2, 5, 29, 37);
    private static final byte[] SERVER_AUTHENTICATION = DerWriter.identifier(1, 3, 6, 1, 5, 5, 7, 3, 1);

    /** Context-specific tags, see RFC 5280, 4.1 and 4.2.1.6. */
    private static final int VERSION = 0xa0;

    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final BigInteger V3 = BigInteger.TWO;

    private SelfSigned() {}

    /**
     * Makes the certificate of a server, which can vouch for no other.
     *
     * @param keys of an elliptic curve
     * @param serial positive, of at most 20 bytes
     * @param name its common name
     * @param hosts the names and addresses it stands for
     * @return its DER form
     */
    static byte[] certificate(
            KeyPair keys, BigInteger serial, String name, List<String> hosts, Instant from, Instant until)
            throws GeneralSecurityException {
        byte[] holder = DerWriter.sequence(DerWriter.set(DerWriter.sequence(COMMON_NAME, DerWriter.text(name))));
        byte[] content = DerWriter.sequence(
                DerWriter.tagged(VERSION, DerWriter.integer(V3)),
                DerWriter.integer(serial),
                ECDSA_WITH_SHA256,
                holder,
                DerWriter.sequence(DerWriter.time(from), DerWriter.time(until)),
                holder,
                keys.getPublic().getEncoded(),
                DerWriter.tagged(EXTENSIONS, extensions(hosts)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        return DerWriter.sequence(content, ECDSA_WITH_SHA256, DerWriter.bits(signature.sign()));
    }

    private static byte[] extensions(List<String> hosts) {
        return DerWriter.sequence(
                extension(BASIC_CONSTRAINTS, true, DerWriter.sequence()),
                extension(EXTENDED_KEY_USAGE, false, DerWriter.sequence(SERVER_AUTHENTICATION)),
                extension(
                        SUBJECT_ALTERNATIVE_NAME,
                        false,
                        DerWriter.sequence(
                                hosts.stream().map(SelfSigned::alternative).toArray(byte[][]::new))));
    }

    private static byte[] extension(byte[] kind, boolean critical, byte[] content) {
        return critical
                ? DerWriter.sequence(kind, DerWriter.flag(true), DerWriter.octets(content))
                : DerWriter.sequence(kind, DerWriter.octets(content));
    }

    private static byte[] alternative(String host) {
        try {
            return DerWriter.tagged(IP_ADDRESS, InetAddress.ofLiteral(host).getAddress());
        } catch (IllegalArgumentException name) {
            return DerWriter.tagged(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
