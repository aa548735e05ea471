package dev.bunctl.verticles.log.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file of the daemon's own that is appended to and put aside by size: {@code name.1} is the youngest of those put aside. For
 * its owner alone. Blocks; for one thread at a time.
 */
public final class RolledFile implements Closeable {
    private static final Set<OpenOption> APPENDING = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private final Path file;
    private final long maxBytes;
    private final int kept;
    private OutputStream out;
    private long size;

    /**
     * Opens it, and makes it when it is not there.
     *
     * @param maxBytes it is put aside before it would pass this
     * @param kept how many are kept that were put aside
     */
    public RolledFile(Path file, long maxBytes, int kept) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.kept = kept;
        this.out = open();
    }

    private OutputStream open() throws IOException {
        FileChannel channel = FileChannel.open(
                file, APPENDING, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        size = channel.size();
        return Channels.newOutputStream(channel);
    }

    /** Appends whole lines, which are never torn apart by putting aside. */
    public void append(byte[] lines) throws IOException {
        if (size > 0 && size + lines.length > maxBytes) {
            putAside();
        }
        out.write(lines);
        size += lines.length;
    }

    private void putAside() throws IOException {
        out.close();
        for (int number = kept; number > 1; number--) {
            Path younger = aside(number - 1);
            if (Files.exists(younger)) {
                var _ = Files.move(younger, aside(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        var _ = Files.move(file, aside(1), StandardCopyOption.REPLACE_EXISTING);
        out = open();
    }

    private Path aside(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
