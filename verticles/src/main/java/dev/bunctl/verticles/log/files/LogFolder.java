package dev.bunctl.verticles.log.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What stands beside a log. Blocking. */
public final class LogFolder {
    private LogFolder() {}

    /** Files put aside, oldest first, and what an unfinished step left. */
    public record Listing(List<RotatedFile> files, List<Path> unfinished) {
        public Listing {
            files = List.copyOf(files);
            unfinished = List.copyOf(unfinished);
        }

        public long lastSequence() {
            return files.isEmpty() ? 0 : files.getLast().sequence();
        }
    }

    /** Where arrival times of a log are kept. */
    public static Path indexOf(Path log) {
        return log.resolveSibling(log.getFileName() + RotatedName.INDEX);
    }

    /** Lists what belongs to a log, and nothing else. An absent folder is an empty one. */
    public static Listing list(Path log) throws IOException {
        Map<Long, Found> found = new TreeMap<>();
        List<Path> unfinished = new ArrayList<>();
        String base = String.valueOf(log.getFileName());
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(
                parent(log), file -> String.valueOf(file.getFileName()).startsWith(base))) {
            for (Path file : folder) {
                Optional<RotatedName.Part> part = RotatedName.parse(base, String.valueOf(file.getFileName()));
                if (part.isPresent()) {
                    if (part.get().suffix().equals(RotatedName.UNFINISHED)) {
                        unfinished.add(file);
                    } else {
                        found.computeIfAbsent(part.get().name().sequence(), s -> new Found())
                                .add(part.get(), file);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return new Listing(List.of(), List.of());
        }
        return new Listing(found.values().stream().map(Found::file).toList(), unfinished);
    }

    private static final class Found {
        private Optional<RotatedName> name = Optional.empty();
        private Optional<Path> plain = Optional.empty();
        private Optional<Path> compressed = Optional.empty();
        private Optional<Path> index = Optional.empty();
        private long bytes;

        void add(RotatedName.Part part, Path file) {
            name = Optional.of(part.name());
            bytes += sizeOf(file);
            switch (part.suffix()) {
                case RotatedName.COMPRESSED -> compressed = Optional.of(file);
                case RotatedName.INDEX -> index = Optional.of(file);
                default -> plain = Optional.of(file);
            }
        }

        RotatedFile file() {
            return new RotatedFile(name.orElseThrow(), plain, compressed, index, bytes);
        }
    }

    /** Size in bytes; 0 when it is gone. */
    public static long sizeOf(Path file) {
        return file.toFile().length();
    }

    /** Makes renames and deletions in the folder of this file survive a loss of power. */
    public static void sync(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(parent(file), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Makes the folder of this file, for the owner alone, when it is not there. */
    public static void make(Path file) throws IOException {
        Path folder = parent(file);
        if (Files.isDirectory(folder)) {
            return;
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a log has a folder");
    }
}
