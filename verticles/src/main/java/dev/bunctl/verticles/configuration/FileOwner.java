package dev.bunctl.verticles.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/**
 * Whose files are applied without anybody asking: what the daemon starts, and as whom, is said by its own user or by root, not
 * by whoever else can write to a file.
 */
final class FileOwner {
    private static final String ROOT = "root";

    private final Path home;

    FileOwner(Path home) {
        this.home = home;
    }

    /** Why a file is not applied, or empty; a file that is not there is left to those who read it. Blocks on the disk. */
    Optional<String> problemOf(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        PosixFileAttributes found = Files.readAttributes(file, PosixFileAttributes.class);
        UserPrincipal own = Files.getOwner(home);
        if (!found.owner().equals(own) && !found.owner().getName().equals(ROOT)) {
            return Optional.of("it belongs to " + found.owner().getName() + ", not to " + own.getName()
                    + "; 'bunctl apply' applies it");
        }
        return found.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                ? Optional.of("everybody may write to it; 'bunctl apply' applies it")
                : Optional.empty();
    }
}
