package dev.bunctl.verticles.log.files;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A log put aside, as it was found in its folder.
 *
 * @param name says when and in which order
 * @param plain the file as it was, if it is there
 * @param compressed the compressed file, if it is there; both are there while a compression comes to its end
 * @param index arrival times, by offsets in the plain file
 * @param bytes what all of them take
 */
public record RotatedFile(
        RotatedName name, Optional<Path> plain, Optional<Path> compressed, Optional<Path> index, long bytes) {
    public long sequence() {
        return name.sequence();
    }

    public Instant at() {
        return name.at();
    }

    /** Whether there is anything to read. */
    public boolean readable() {
        return plain.isPresent() || compressed.isPresent();
    }
}
