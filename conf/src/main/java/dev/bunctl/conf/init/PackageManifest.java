package dev.bunctl.conf.init;

import dev.bunctl.conf.tree.CommandWords;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.ConfigLimits;
import dev.bunctl.conf.tree.JsonTree;
import dev.bunctl.conf.tree.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a {@code package.json} tells about a project. One that cannot be read tells nothing: it is not ours to judge. */
record PackageManifest(Node.Members root) {
    static Optional<PackageManifest> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > ConfigLimits.MAX_BYTES) {
                return Optional.empty();
            }
            return JsonTree.read(Files.readString(file), file.toString()) instanceof Node.Members root
                    ? Optional.of(new PackageManifest(root))
                    : Optional.empty();
        } catch (IOException | ConfigException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<String> text(String name) {
        return root.value(name).flatMap(PackageManifest::text);
    }

    private static Optional<String> text(Node node) {
        return node instanceof Node.Text(String value, var at) ? Optional.of(value) : Optional.empty();
    }

    boolean isModule() {
        return text("type").filter("module"::equals).isPresent();
    }

    /** Without its scope. */
    Optional<String> name() {
        return text("name").map(name -> name.substring(name.lastIndexOf('/') + 1));
    }

    /** Files that may be the entry point, most likely first: those that scripts run, then the package's own. */
    List<String> entries() {
        var entries = new ArrayList<String>();
        if (root.value("scripts").orElse(null) instanceof Node.Members scripts) {
            for (String script : List.of("start", "serve", "dev")) {
                scripts.value(script).flatMap(PackageManifest::text).ifPresent(line -> entries.addAll(words(line)));
            }
        }
        text("module").ifPresent(entries::add);
        text("main").ifPresent(entries::add);
        return entries;
    }

    private static List<String> words(String line) {
        try {
            return CommandWords.split(line);
        } catch (IllegalArgumentException unsplittable) {
            return List.of();
        }
    }
}
