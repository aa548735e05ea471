package dev.bunctl.bridge.access;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.TokenEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What is kept of a token: never the token itself. Its {@value #SECRET_BYTES} random bytes cannot be guessed, so a plain hash is
 * enough; a slow one would only help whoever wants to keep the daemon busy.
 *
 * @param name whom it was given to
 * @param role what it allows
 * @param hash SHA-256 of its text, in hexadecimal
 * @param createdAt when it was made
 * @param expiresAt when it ends by itself, or empty for never
 */
public record Token(String name, Role role, String hash, Instant createdAt, Optional<Instant> expiresAt) {
    /** Random bytes in a token. */
    public static final int SECRET_BYTES = 32;

    /** Characters of a name. */
    public static final int MAX_NAME = 64;

    /** Characters of a token; a longer text is none. */
    public static final int MAX_TEXT = 128;

    private static final String PREFIX = "bunctl_";

    public Token {
        boolean printable = name.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || "._-@ ".indexOf(c) >= 0);
        if (name.isBlank() || name.length() > MAX_NAME || !printable) {
            throw new IllegalArgumentException(
                    "a token's name has 1 to " + MAX_NAME + " letters, digits and . _ - @ characters");
        }
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a token's hash is 64 hexadecimal digits");
        }
    }

    /**
     * Makes the text that is shown once, to whoever asked for the token.
     *
     * @param secret {@value #SECRET_BYTES} bytes from a cryptographic source
     */
    public static String text(byte[] secret) {
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException(SECRET_BYTES + " random bytes expected");
        }
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** The hash that is kept of a text. */
    public static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    /** Whether it is still good. */
    public boolean isValid(Instant now) {
        return expiresAt.isEmpty() || now.isBefore(expiresAt.get());
    }

    /** What may be told of it. */
    public TokenEntry entry() {
        return new TokenEntry(name, role, createdAt, expiresAt);
    }

    /** Whether a text is this token; takes as long for a near miss as for a far one. */
    boolean matches(String textHash) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), textHash.getBytes(StandardCharsets.US_ASCII));
    }
}
