package dev.bunctl.verticles.log.files;

import dev.bunctl.conf.LogPolicy.Rotation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The steps by which a log is put aside and kept. After each of them everything can end: nothing is lost, and the next
 * {@link #recover} and {@link #tidy} finish what was begun. Blocking.
 */
public final class RotationSteps {
    private static final int COPY_BYTES = 64 * 1024;

    private final Faults faults;

    public RotationSteps(Faults faults) {
        this.faults = faults;
    }

    /** Told after each step; tests end the world there. */
    @FunctionalInterface
    public interface Faults {
        Faults NONE = step -> {};

        void after(Step step);
    }

    /** What was just done. */
    public enum Step {
        LOG_RENAMED,
        INDEX_RENAMED,
        UNFINISHED_DELETED,
        COMPRESSED_ASIDE,
        COMPRESSED_NAMED,
        PLAIN_DELETED,
        EXPIRED_DELETED
    }

    /**
     * Renames a log that is written to. The writer opens a new one next.
     *
     * @param sequence greater than that of any file put aside before
     */
    public RotatedName putAside(Path log, long sequence, Instant now) throws IOException {
        RotatedName name = new RotatedName(String.valueOf(log.getFileName()), now, sequence);
        Path target = log.resolveSibling(name.plain());
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.move(log, target, StandardCopyOption.ATOMIC_MOVE);
        faults.after(Step.LOG_RENAMED);
        moveIndex(log, target);
        return name;
    }

    private void moveIndex(Path log, Path target) throws IOException {
        Path index = LogFolder.indexOf(log);
        if (Files.exists(index)) {
            Files.move(index, LogFolder.indexOf(target), StandardCopyOption.ATOMIC_MOVE);
            faults.after(Step.INDEX_RENAMED);
        }
    }

    /** Before a log is opened: an index that stayed behind when its log was put aside follows it. */
    public void recover(Path log) throws IOException {
        Path index = LogFolder.indexOf(log);
        if (LogFolder.sizeOf(log) > 0 || LogFolder.sizeOf(index) == 0) {
            return;
        }
        List<RotatedFile> files = LogFolder.list(log).files();
        if (!files.isEmpty() && files.getLast().index().isEmpty()) {
            moveIndex(log, log.resolveSibling(files.getLast().name().plain()));
        }
    }

    /** Deletes what is no longer kept, compresses the rest if wanted, and finishes what a former daemon began. */
    public void tidy(Path log, Rotation policy, Instant now) throws IOException {
        LogFolder.Listing listing = LogFolder.list(log);
        boolean changed = false;
        for (Path unfinished : listing.unfinished()) {
            changed |= Files.deleteIfExists(unfinished);
            faults.after(Step.UNFINISHED_DELETED);
        }
        List<RotatedFile> expired = Retention.expired(listing.files(), LogFolder.sizeOf(log), policy, now);
        for (RotatedFile file : listing.files()) {
            if (expired.contains(file) || !file.readable()) {
                delete(file);
                changed = true;
            } else if (file.plain().isPresent()
                    && (policy.compress() || file.compressed().isPresent())) {
                compress(file, file.plain().get());
                changed = true;
            }
        }
        if (changed) {
            LogFolder.sync(log);
        }
    }

    /** Deletes every file put aside. */
    public void deleteAll(Path log) throws IOException {
        LogFolder.Listing listing = LogFolder.list(log);
        if (listing.files().isEmpty() && listing.unfinished().isEmpty()) {
            return;
        }
        for (Path unfinished : listing.unfinished()) {
            Files.deleteIfExists(unfinished);
        }
        for (RotatedFile file : listing.files()) {
            delete(file);
        }
        LogFolder.sync(log);
    }

    private void delete(RotatedFile file) throws IOException {
        for (Path path : List.of(file.plain(), file.compressed(), file.index()).stream()
                .flatMap(Optional::stream)
                .toList()) {
            Files.deleteIfExists(path);
            faults.after(Step.EXPIRED_DELETED);
        }
    }

    /** A compressed file has its name only once it is whole and on the disk, so the plain one may go then. */
    private void compress(RotatedFile file, Path plain) throws IOException {
        if (file.compressed().isEmpty()) {
            Path aside = plain.resolveSibling(plain.getFileName() + RotatedName.UNFINISHED);
            compress(plain, aside);
            faults.after(Step.COMPRESSED_ASIDE);
            Files.setLastModifiedTime(aside, Files.getLastModifiedTime(plain));
            Files.move(
                    aside,
                    plain.resolveSibling(plain.getFileName() + RotatedName.COMPRESSED),
                    StandardCopyOption.ATOMIC_MOVE);
            LogFolder.sync(plain);
            faults.after(Step.COMPRESSED_NAMED);
        }
        Files.deleteIfExists(plain);
        faults.after(Step.PLAIN_DELETED);
    }

    private static void compress(Path plain, Path aside) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        aside,
                        EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                InputStream in = Files.newInputStream(plain);
                GZIPOutputStream gzip = new GZIPOutputStream(Channels.newOutputStream(channel), COPY_BYTES)) {
            byte[] buffer = new byte[COPY_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                gzip.write(buffer, 0, read);
            }
            gzip.finish();
            channel.force(true);
        }
    }
}
