package dev.bunctl.conf.init;

import dev.bunctl.conf.resolve.Interpreter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the file that starts a project. */
final class EntryPoint {
    private static final List<String> FOLDERS = List.of("src/", "", "app/", "lib/", "dist/", "build/");
    private static final List<String> STEMS = List.of("server", "index", "app", "main");
    private static final List<String> EXTENSIONS = List.of(".ts", ".tsx", ".js", ".mjs", ".cjs", ".py");

    private EntryPoint() {}

    /** The path of the entry point from {@code folder}: what the package runs, else a file with a usual name. */
    static Optional<String> find(Path folder, Optional<PackageManifest> manifest) {
        for (String entry : manifest.map(PackageManifest::entries).orElse(List.of())) {
            if (Interpreter.isScriptName(entry) && isFile(folder, entry)) {
                return Optional.of(entry);
            }
        }
        for (String place : FOLDERS) {
            for (String stem : STEMS) {
                for (String extension : EXTENSIONS) {
                    if (isFile(folder, place + stem + extension)) {
                        return Optional.of(place + stem + extension);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isFile(Path folder, String name) {
        try {
            return Files.isRegularFile(folder.resolve(name));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
