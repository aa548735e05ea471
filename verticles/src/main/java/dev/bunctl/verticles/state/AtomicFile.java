package dev.bunctl.verticles.state;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small file of the home that is replaced in one step: a reader finds the old content or the new one, also after the host
 * has lost its power. For its owner alone. Every method blocks and belongs off the event loop.
 */
public final class AtomicFile {
    private final Path folder;
    private final Path file;
    private final int maxBytes;
    private final StateFiles files = new StateFiles.OnDisk();

    /**
     * @param folder made, for its owner alone, when the file is written first
     * @param maxBytes a larger file is not read
     */
    public AtomicFile(Path folder, String name, int maxBytes) {
        this.folder = folder;
        this.file = folder.resolve(name);
        this.maxBytes = maxBytes;
    }

    public Path path() {
        return file;
    }

    /**
     * Reads it.
     *
     * @return empty when it is not there
     * @throws IOException when it cannot be read, or is too large
     */
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(files.read(file, maxBytes));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /**
     * Replaces its content and makes that durable.
     *
     * @throws IOException when it is not: the old content is still there, or the new one is and might not outlive a loss of
     *     power
     */
    public void replace(byte[] content) throws IOException {
        files.makeFolder(folder);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            files.write(temporary, content);
            files.rename(temporary, file);
        } catch (IOException e) {
            try {
                files.remove(temporary);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        files.syncFolder(folder);
    }
}
