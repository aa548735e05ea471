package dev.bunctl.conf.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a configuration is looked for when none is named: the current folder, then {@code config} in it, then the
 * current folder's {@code package.json}. The first file found is the only one read.
 */
public final class Discovery {
    private static final List<String> NAMES = names();

    private Discovery() {}

    private static List<String> names() {
        var names = new ArrayList<>(List.of("bunctl.json", "bunctl.jsonc", "bunctl.yaml", "bunctl.yml"));
        for (String stem : List.of("bunctl.config.", "ecosystem.config.", "pm2.config.")) {
            for (String extension : List.of("ts", "js", "cjs", "mjs", "json", "yaml", "yml")) {
                names.add(stem + extension);
            }
        }
        return List.copyOf(names);
    }

    /** All places in the order in which they are looked at. */
    public static List<Path> places(Path directory) {
        var places = new ArrayList<Path>();
        NAMES.forEach(name -> places.add(directory.resolve(name)));
        NAMES.forEach(name -> places.add(directory.resolve("config").resolve(name)));
        places.add(directory.resolve("package.json"));
        return places;
    }

    /** The first place at which there is a file. */
    public static Optional<Path> find(Path directory) {
        for (Path place : places(directory)) {
            if (Files.isRegularFile(place)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    /**
     * The folder that relative paths of a configuration start from: the file's own, or the one above when that is called
     * {@code config}.
     */
    public static Path base(Path file) {
        Path folder = folder(file);
        Path above = folder.getParent();
        Path name = folder.getFileName();
        return above != null && name != null && name.toString().equals("config") ? above : folder;
    }

    /** The folder that a file is in. */
    static Path folder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("a file expected, not " + file);
        }
        return folder;
    }
}
