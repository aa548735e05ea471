package dev.bunctl.bridge.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds programs that tests run; {@code BUNCTL_TEST_PATH} is looked through before {@code PATH}. */
public final class Programs {
    private Programs() {}

    /** The absolute path of a program, or empty when it is not installed. */
    public static Optional<String> find(String name) {
        String paths = System.getenv().getOrDefault("BUNCTL_TEST_PATH", "")
                + File.pathSeparator
                + System.getenv().getOrDefault("PATH", "");
        for (String folder : paths.split(File.pathSeparator)) {
            Path program = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return Optional.of(program.toAbsolutePath().toString());
            }
        }
        return Optional.empty();
    }
}
