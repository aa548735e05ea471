package dev.bunctl.conf.source;

import dev.bunctl.conf.evaluate.ConfigEvaluator;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.ConfigLimits;
import dev.bunctl.conf.tree.JsonTree;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import dev.bunctl.conf.tree.Problems;
import dev.bunctl.conf.tree.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads configurations in every format. Reads files only; keeps nothing. */
public final class ConfigLoader {
    private final ConfigEvaluator evaluator;

    /**
     * A loader.
     *
     * @param evaluator runs configurations that are programs
     */
    public ConfigLoader(ConfigEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * Reads a file.
     *
     * @param file absolute path
     * @param source how it is called in messages, usually as the user named it
     * @throws ConfigException with all that is wrong in it
     */
    public Loaded load(Path file, String source) throws ConfigException {
        Location at = Location.of(source);
        ConfigFormat format = ConfigFormat.of(file.toString())
                .orElseThrow(() -> ConfigException.invalid(
                        at, "the name of a configuration ends with .json, .yaml, .yml or .config.js, .ts, .mjs, .cjs"));
        String text = text(file, at);
        return switch (format) {
            case JSON -> loaded(JsonTree.read(text, source), true, source, file);
            case YAML -> loaded(YamlTree.read(text, source), true, source, file);
            case PROGRAM -> loaded(JsonTree.readMade(evaluator.evaluate(file, source), source), false, source, file);
            case PACKAGE ->
                loaded(PackageJson.section(JsonTree.read(text, source), Discovery.folder(file)), true, source, file);
        };
    }

    /** Reads JSON from standard input, to its end. */
    public Loaded read(InputStream in, Path directory) throws ConfigException {
        String source = "standard input";
        Location at = Location.of(source);
        try {
            String text = decoded(in.readNBytes(ConfigLimits.MAX_BYTES + 1), at);
            return loaded(JsonTree.read(text, source), true, source, Optional.empty(), directory);
        } catch (IOException unreadable) {
            throw ConfigException.notFound(at, "cannot be read: " + unreadable.getMessage());
        }
    }

    private static Loaded loaded(Node root, boolean expands, String source, Path file) throws ConfigException {
        return loaded(root, expands, source, Optional.of(file), Discovery.base(file));
    }

    private static Loaded loaded(Node root, boolean expands, String source, Optional<Path> file, Path base)
            throws ConfigException {
        var problems = new Problems();
        RootReader read = RootReader.read(root, expands, problems);
        problems.refuse();
        return new Loaded(source, file, base, read.apps(), read.watched(), problems.warnings());
    }

    private static String text(Path file, Location at) throws ConfigException {
        try {
            if (Files.isDirectory(file)) {
                throw ConfigException.invalid(at, "a file expected, not a folder");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return decoded(in.readNBytes(ConfigLimits.MAX_BYTES + 1), at);
            }
        } catch (NoSuchFileException missing) {
            throw ConfigException.notFound(at, "there is no such file");
        } catch (IOException unreadable) {
            throw ConfigException.notFound(at, "cannot be read: " + unreadable.getMessage());
        }
    }

    private static String decoded(byte[] bytes, Location at) throws ConfigException {
        if (bytes.length > ConfigLimits.MAX_BYTES) {
            throw ConfigException.invalid(at, "at most " + ConfigLimits.MAX_BYTES + " bytes expected");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw ConfigException.invalid(at, "UTF-8 text expected");
        }
    }
}
