package dev.bunctl.conf.source;

import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration that was read.
 *
 * @param source how it is called in messages
 * @param file absolute path, or empty for standard input and the command line
 * @param base absolute folder that its relative paths start from
 * @param apps at least one
 * @param watched whether it is applied again whenever it is saved ({@code watch_config})
 * @param warnings what it says in vain
 */
public record Loaded(
        String source,
        Optional<Path> file,
        Path base,
        List<DeclaredApp> apps,
        boolean watched,
        List<Problem> warnings) {
    public Loaded {
        apps = List.copyOf(apps);
        warnings = List.copyOf(warnings);
    }

    /** A script named on the command line: one app of which all but the script comes from options and defaults. */
    public static Loaded commandLine(Path directory) {
        var app = new DeclaredApp(Map.of(), Map.of(), Location.of("command line"), false);
        return new Loaded("command line", Optional.empty(), directory, List.of(app), false, List.of());
    }
}
