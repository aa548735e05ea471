package dev.bunctl.verticles.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.daemon.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCertificateTest {
    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    @TempDir
    private Path home;

    private Instant now = NOW;

    private OwnCertificate certificate() {
        return new OwnCertificate(home, () -> now);
    }

    private static X509Certificate read(byte[] der) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    @Test
    void firstUse_makesIt_forItsOwnerAlone_andLaterUsesKeepIt() throws Exception {
        Tls.Certificate.Files made = certificate().files();
        String fingerprint = OwnCertificate.fingerprint(made.chain());

        assertEquals(made, certificate().files());
        assertEquals(
                fingerprint, OwnCertificate.fingerprint(certificate().files().chain()));
        assertTrue(fingerprint.matches("([0-9A-F]{2}:){31}[0-9A-F]{2}"), fingerprint);
        for (Path file : List.of(made.chain(), made.key())) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("tls"))));
    }

    @Test
    void expiredOne_isMadeAnew() throws Exception {
        String first = OwnCertificate.fingerprint(certificate().files().chain());
        now = NOW.plus(OwnCertificate.VALIDITY);

        assertNotEquals(first, OwnCertificate.fingerprint(certificate().files().chain()));
    }

    @Test
    void lostKey_isMadeAnewWithItsCertificate() throws Exception {
        Tls.Certificate.Files made = certificate().files();
        String first = OwnCertificate.fingerprint(made.chain());
        Files.delete(made.key());

        assertNotEquals(first, OwnCertificate.fingerprint(certificate().files().chain()));
        assertTrue(Files.exists(made.key()));
    }

    @Test
    void content_isWhatJavaReads_andVouchesForNobodyElse() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
        BigInteger serial = BigInteger.TWO.pow(127);
        Instant until = Instant.parse("2060-01-31T08:00:00Z");

        X509Certificate read = read(SelfSigned.certificate(
                keys, serial, "bünctl", List.of("localhost", "192.0.2.1", "2001:db8::1"), NOW, until));

        read.verify(keys.getPublic());
        assertEquals(serial, read.getSerialNumber());
        assertEquals("CN=bünctl", read.getSubjectX500Principal().getName());
        assertEquals(read.getSubjectX500Principal(), read.getIssuerX500Principal());
        assertEquals(NOW, read.getNotBefore().toInstant());
        assertEquals(until, read.getNotAfter().toInstant());
        assertEquals(-1, read.getBasicConstraints(), "it may sign no other");
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), read.getExtendedKeyUsage());
        assertEquals(
                List.of("[2, localhost]", "[7, 192.0.2.1]", "[7, 2001:db8:0:0:0:0:0:1]"),
                read.getSubjectAlternativeNames().stream().map(Object::toString).toList());
        assertArrayEquals(keys.getPublic().getEncoded(), read.getPublicKey().getEncoded());
        read.checkValidity(Date.from(NOW.plus(Duration.ofDays(1))));
    }

    @Test
    void fileThatIsNoCertificate_isSaidSo() throws Exception {
        Path file = Files.writeString(home.resolve("x.pem"), "no certificate");

        IOException refused = assertThrows(IOException.class, () -> OwnCertificate.fingerprint(file));

        assertTrue(String.valueOf(refused.getMessage()).contains("x.pem"), refused.getMessage());
    }
}
