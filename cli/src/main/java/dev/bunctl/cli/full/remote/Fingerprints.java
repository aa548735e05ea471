package dev.bunctl.cli.full.remote;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** SHA-256 of certificates, as people compare them: pairs of hexadecimal digits with colons between. */
final class Fingerprints {
    private static final HexFormat SHOWN = HexFormat.ofDelimiter(":").withUpperCase();

    private Fingerprints() {}

    /** With or without colons, in capitals or not; empty when it is none. */
    static Optional<String> normal(String text) {
        String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
        return digits.matches("[0-9a-f]{64}")
                ? Optional.of(SHOWN.formatHex(HexFormat.of().parseHex(digits)))
                : Optional.empty();
    }

    static String of(X509Certificate certificate) {
        try {
            return SHOWN.formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256, and the certificate was read already", impossible);
        }
    }
}
