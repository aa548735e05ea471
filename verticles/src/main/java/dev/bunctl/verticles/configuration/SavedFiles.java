package dev.bunctl.verticles.configuration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Tells when a file is saved: written, or replaced by another, as editors do, or removed. */
interface SavedFiles extends AutoCloseable {
    /**
     * Follows these files and no others. Blocks shortly on the file system.
     *
     * @throws IOException when one of them cannot be followed; the others are
     */
    void follow(Set<Path> files) throws IOException;

    @Override
    void close() throws IOException;
}
