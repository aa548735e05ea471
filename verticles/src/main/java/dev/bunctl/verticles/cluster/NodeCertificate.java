package dev.bunctl.verticles.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names in a node's certificate: its common name, and the DNS names it has besides (RFC 5280, 4.2.1.6). */
final class NodeCertificate {
    /** Largest file, in bytes. */
    static final int MAX_BYTES = 256 << 10;

    private static final int DNS_NAME = 2;

    private NodeCertificate() {}

    /**
     * Checks that a certificate is that of a node, so that no two nodes are given the same by mistake. Blocks.
     *
     * @throws IOException when it cannot be read, or has other names
     */
    static void check(Path file, String node) throws IOException {
        Set<String> names = names(file);
        if (!names.contains(node)) {
            throw new IOException("the certificate " + file + " is for " + names + ", not for the node " + node);
        }
    }

    /** The names in the first certificate of a file. */
    static Set<String> names(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
        }
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
            Set<String> names = new LinkedHashSet<>();
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    names.add(name);
                }
            }
            Collection<List<?>> others = certificate.getSubjectAlternativeNames();
            for (List<?> other : others == null ? List.<List<?>>of() : others) {
                if (Integer.valueOf(DNS_NAME).equals(other.get(0)) && other.get(1) instanceof String name) {
                    names.add(name);
                }
            }
            return names;
        } catch (CertificateException | InvalidNameException invalid) {
            throw new IOException(file + " is no certificate: " + invalid.getMessage(), invalid);
        }
    }
}
