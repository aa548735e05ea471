package dev.bunctl.conf.init;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** In which form a new configuration is written. */
public enum InitFormat {
    JSON("bunctl.json"),
    YAML("bunctl.yaml"),
    ECOSYSTEM_JS("ecosystem.config.js"),
    ECOSYSTEM_CJS("ecosystem.config.cjs"),
    ECOSYSTEM_MJS("ecosystem.config.mjs"),
    ECOSYSTEM_TS("ecosystem.config.ts"),
    ECOSYSTEM_JSON("ecosystem.config.json"),
    ECOSYSTEM_YAML("ecosystem.config.yaml");

    private final String fileName;

    InitFormat(String fileName) {
        this.fileName = fileName;
    }

    public String fileName() {
        return fileName;
    }

    /**
     * The format for the words of a command line.
     *
     * @param word {@code json}, {@code yaml}, {@code js}, {@code cjs}, {@code mjs} or {@code ts}; empty for the usual one
     * @param ecosystem whether the file is to be called as PM2 calls it
     * @param folder of the project: where its package says that {@code .js} is a module, CommonJS is written as .cjs
     */
    public static Optional<InitFormat> of(String word, boolean ecosystem, Path folder) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "" -> Optional.of(ecosystem ? commonJs(folder) : JSON);
            case "json" -> Optional.of(ecosystem ? ECOSYSTEM_JSON : JSON);
            case "yaml", "yml" -> Optional.of(ecosystem ? ECOSYSTEM_YAML : YAML);
            case "js" -> Optional.of(commonJs(folder));
            case "cjs" -> Optional.of(ECOSYSTEM_CJS);
            case "mjs" -> Optional.of(ECOSYSTEM_MJS);
            case "ts" -> Optional.of(ECOSYSTEM_TS);
            default -> Optional.empty();
        };
    }

    private static InitFormat commonJs(Path folder) {
        Path manifest = folder.resolve("package.json");
        boolean module = Files.isRegularFile(manifest)
                && PackageManifest.read(manifest).map(PackageManifest::isModule).orElse(false);
        return module ? ECOSYSTEM_CJS : ECOSYSTEM_JS;
    }
}
