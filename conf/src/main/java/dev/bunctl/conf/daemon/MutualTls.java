package dev.bunctl.conf.daemon;

import java.nio.file.Path;

/**
 * By what nodes of a cluster know each other: PEM files, read when the node joins.
 *
 * @param certificate absolute path of this node's certificate and those that signed it
 * @param key absolute path of its private key
 * @param authority absolute path of the certificate of who signs every node's
 */
public record MutualTls(Path certificate, Path key, Path authority) {
    /** @throws IllegalArgumentException when a path is not absolute */
    public MutualTls {
        requireAbsolute("certificate", certificate);
        requireAbsolute("key", key);
        requireAbsolute("ca", authority);
    }

    private static void requireAbsolute(String what, Path file) {
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("'" + what + "': an absolute path expected, not '" + file + "'");
        }
    }
}
