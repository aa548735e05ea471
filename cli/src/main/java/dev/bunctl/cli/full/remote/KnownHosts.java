package dev.bunctl.cli.full.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificates of daemons that were trusted once: {@code <home>/known_hosts}, a line each with {@code host:port} and the
 * fingerprint. To forget a daemon its line is deleted.
 */
final class KnownHosts {
    /** Lines of one file. */
    static final int MAX = 10_000;

    private final Path file;

    KnownHosts(Path home) {
        this.file = home.resolve("known_hosts");
    }

    Path file() {
        return file;
    }

    private static String place(String host, int port) {
        return host + ":" + port + " ";
    }

    /** What was seen there; empty when that daemon is not known. */
    Optional<String> fingerprint(String host, int port) throws IOException {
        return lines().stream()
                .filter(line -> line.startsWith(place(host, port)))
                .map(line -> line.substring(place(host, port).length()).strip())
                .findFirst();
    }

    /** Keeps what was seen there. */
    void remember(String host, int port, String fingerprint) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        if (lines.size() >= MAX) {
            throw new IOException(file + " has " + MAX + " lines already");
        }
        lines.add(place(host, port) + fingerprint);
        Path folder = file.resolveSibling("");
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = Files.createTempFile(
                folder,
                "known_hosts",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
