package dev.bunctl.verticles.log.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;

/** Names of log files. Whatever an app is called, its files stay in their folder and are nobody else's. */
public final class LogNames {
    /** Longest encoded app name, in bytes; a file name has at most 255, and suffixes need their share. */
    public static final int MAX_ENCODED = 180;

    private static final int KEPT_OF_LONG = 150;
    private static final int HASH_DIGITS = 16;
    private static final String EXTENSION = ".log";

    private LogNames() {}

    /** {@code api-out.log}, or {@code api-out-1.log} for one instance of several. */
    public static String stdout(String app, OptionalInt instance) {
        return encode(app) + "-out" + number(instance) + EXTENSION;
    }

    /** {@code api-error.log}, or {@code api-error-1.log} for one instance of several. */
    public static String stderr(String app, OptionalInt instance) {
        return encode(app) + "-error" + number(instance) + EXTENSION;
    }

    /** Puts the number of the instance before the extension of a path of the user's own. */
    public static Path numbered(Path file, OptionalInt instance) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        int at = dot > 0 ? dot : name.length();
        return file.resolveSibling(name.substring(0, at) + number(instance) + name.substring(at));
    }

    private static String number(OptionalInt instance) {
        return instance.isPresent() ? "-" + instance.getAsInt() : "";
    }

    /**
     * Writes every byte outside {@code [A-Za-z0-9._@+-]} as {@code %XX}, and a dot at the start too. Different names
     * stay different; one that becomes longer than {@link #MAX_ENCODED} is cut and ends in a hash of the whole.
     */
    public static String encode(String app) {
        byte[] bytes = app.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length);
        int kept = 0;
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if (isPlain(b) && !(b == '.' && i == 0)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) b));
            }
            if (encoded.length() <= KEPT_OF_LONG) {
                kept = encoded.length();
            }
        }
        return encoded.length() <= MAX_ENCODED ? encoded.toString() : encoded.substring(0, kept) + "~" + hash(bytes);
    }

    private static boolean isPlain(int b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || "._@+-".indexOf(b) >= 0;
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
