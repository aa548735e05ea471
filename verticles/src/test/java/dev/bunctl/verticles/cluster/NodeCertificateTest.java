package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCertificateTest {
    /** Made by openssl with /O=example/CN=alpha and subjectAltName DNS:alpha.example, DNS:beta, IP:10.0.0.1. */
    private static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBwTCCAWegAwIBAgIUDBr84U4p8sD8eGE1ZimUP3EZz4owCgYIKoZIzj0EAwIw
            IjEQMA4GA1UECgwHZXhhbXBsZTEOMAwGA1UEAwwFYWxwaGEwIBcNMjYxMTIzMTUy
            ODM3WhgPMjEyNjEwMzAxNTI4MzdaMCIxEDAOBgNVBAoMB2V4YW1wbGUxDjAMBgNV
            BAMMBWFscGhhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESWmLI1EP/sRyQYM6
            XZmrOy5iqeq7vQtm+iCKWg2hFgJC42C9+myHrqNSzaFfa+J5p00PdWm1qUVywKPt
            SgbovaN5MHcwHQYDVR0OBBYEFMKF8s8BxmVISk908zoEYcgzFGxOMB8GA1UdIwQY
            MBaAFMKF8s8BxmVISk908zoEYcgzFGxOMA8GA1UdEwEB/wQFMAMBAf8wJAYDVR0R
            BB0wG4INYWxwaGEuZXhhbXBsZYIEYmV0YYcECgAAATAKBggqhkjOPQQDAgNIADBF
            AiEAvesYYB6Mfhm85c8MOKCWxqYuAvqGOVsko+QDZITWkSICICdjQZgNVzPiTado
            gSndgGkFC6R7D5I6Y+xgg6UCOkL2
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("node.pem"), content);
    }

    @Test
    void commonNameAndDnsNames_areNodesThatItIsFor() throws IOException {
        Path file = file(PEM);
        assertEquals(Set.of("alpha", "alpha.example", "beta"), NodeCertificate.names(file));
        NodeCertificate.check(file, "alpha");
        NodeCertificate.check(file, "beta");
    }

    @Test
    void otherNode_isRefused() throws IOException {
        Path file = file(PEM);
        for (String other : Set.of("gamma", "example", "alph", "10.0.0.1")) {
            IOException refused = assertThrows(IOException.class, () -> NodeCertificate.check(file, other));
            assertTrue(String.valueOf(refused.getMessage()).endsWith("not for the node " + other), refused.toString());
        }
    }

    @Test
    void whatIsNoCertificate_isSaidToBeNone() throws IOException {
        for (String other : Set.of("", "-----BEGIN CERTIFICATE-----\n", "x".repeat(NodeCertificate.MAX_BYTES + 1))) {
            Path file = file(other);
            assertThrows(IOException.class, () -> NodeCertificate.check(file, "alpha"));
        }
    }
}
