package dev.bunctl.verticles.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The steps of which a durable write is made; a seam, so that a test can stop between any two of them. */
interface StateFiles {
    FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Makes the folder, for its owner alone, unless it is there. */
    void makeFolder(Path folder) throws IOException;

    /** Reads a file of at most so many bytes. */
    byte[] read(Path file, int limit) throws IOException;

    /** Writes a new file for its owner alone and makes its content durable. */
    void write(Path file, byte[] content) throws IOException;

    /** Puts one file in the place of another, in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Makes the names in a folder durable, see fsync(2). */
    void syncFolder(Path folder) throws IOException;

    /** Whether there is such a file. */
    boolean exists(Path file);

    /** Forgets a file, if it is there. */
    void remove(Path file) throws IOException;

    /** The real file system. */
    final class OnDisk implements StateFiles {
        @Override
        public void makeFolder(Path folder) throws IOException {
            Files.createDirectories(folder, FOLDER_MODE);
        }

        @Override
        public byte[] read(Path file, int limit) throws IOException {
            long size = Files.size(file);
            if (size > limit) {
                throw new IOException(file + " has " + size + " bytes, more than " + limit);
            }
            return Files.readAllBytes(file);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.deleteIfExists(file);
            try (FileChannel channel = FileChannel.open(file, options, FILE_MODE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    var _ = channel.write(bytes); // how much was taken is seen in the buffer
                }
                channel.force(true);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            var _ = Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }

        @Override
        public boolean exists(Path file) {
            return Files.exists(file);
        }

        @Override
        public void remove(Path file) throws IOException {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(file);
            }
        }
    }
}
