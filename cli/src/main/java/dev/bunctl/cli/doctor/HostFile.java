package dev.bunctl.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Small files that the host writes about itself. */
final class HostFile {
    private static final int MAX_BYTES = 1 << 20;

    private HostFile() {}

    /** The text of a file, or empty where this host has none or does not show it. */
    static Optional<String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** A file that holds one number. */
    static Optional<Long> number(Path file) {
        return read(file).flatMap(text -> parse(text.strip()));
    }

    static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }
}
