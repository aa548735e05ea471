package dev.bunctl.conf.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections to a server of the daemon are encrypted.
 *
 * @param certificate what the server shows
 * @param clientAuthority a PEM file with who signs the certificates that clients must show, or empty when they need none
 */
public record Tls(Certificate certificate, Optional<Path> clientAuthority) {
    /** A certificate that bunctl makes on first use and keeps in its home. */
    public static final Tls OWN = new Tls(new Certificate.Own(), Optional.empty());

    /** Not encrypted. */
    public static final Tls NONE = new Tls(new Certificate.None(), Optional.empty());

    /** @throws IllegalArgumentException when clients are to show certificates over a connection that has none */
    public Tls {
        clientAuthority.ifPresent(file -> requireAbsolute("client_ca", file));
        if (clientAuthority.isPresent() && certificate instanceof Certificate.None) {
            throw new IllegalArgumentException("client_ca goes with TLS only");
        }
    }

    /** The kind of certificate in one word: {@code own}, {@code files} or {@code none}. */
    public String kind() {
        return switch (certificate) {
            case Certificate.Own() -> "own";
            case Certificate.Files _ -> "files";
            case Certificate.None() -> "none";
        };
    }

    private static void requireAbsolute(String what, Path file) {
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("'" + what + "': an absolute path expected, not '" + file + "'");
        }
    }

    /** What a server shows. */
    public sealed interface Certificate {
        /** One that bunctl makes on first use and keeps in its home. */
        record Own() implements Certificate {}

        /**
         * One that was made elsewhere, in PEM files, read when the server starts.
         *
         * @param chain absolute path of the certificate and those that signed it
         * @param key absolute path of its private key
         */
        record Files(Path chain, Path key) implements Certificate {
            public Files {
                requireAbsolute("certificate", chain);
                requireAbsolute("key", key);
            }
        }

        /** None: connections are not encrypted. */
        record None() implements Certificate {}
    }
}
