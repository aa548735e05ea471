package dev.bunctl.conf.source;

import java.util.Locale;
import java.util.Optional;

/** In which form a configuration is written; known by the file's name. */
public enum ConfigFormat {
    JSON,
    YAML,
    /** A JavaScript or TypeScript program that exports the configuration. */
    PROGRAM,
    /** A {@code package.json}, of which one section is read. */
    PACKAGE;

    /** The format of a file of that name, or empty when such a name is no configuration but perhaps a script. */
    public static Optional<ConfigFormat> of(String fileName) {
        String name = fileName.substring(fileName.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (name.equals("package.json")) {
            return Optional.of(PACKAGE);
        }
        int point = name.lastIndexOf('.');
        String extension = name.substring(point + 1);
        return switch (extension) {
            case "json", "jsonc" -> Optional.of(JSON);
            case "yaml", "yml" -> Optional.of(YAML);
            case "js", "cjs", "mjs", "ts", "cts", "mts" ->
                point > 0 && name.substring(0, point).endsWith(".config") ? Optional.of(PROGRAM) : Optional.empty();
            default -> Optional.empty();
        };
    }
}
