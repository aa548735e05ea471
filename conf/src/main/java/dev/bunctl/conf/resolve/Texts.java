package dev.bunctl.conf.resolve;

import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The strings of one app with their variables and {@code ~} filled in. */
final class Texts {
    private final DeclaredApp app;
    private final Path home;
    private final Expansion expansion;

    Texts(DeclaredApp app, Path home, Function<String, Optional<String>> variables) {
        this.app = app;
        this.home = home;
        this.expansion = new Expansion(variables);
    }

    Optional<String> one(Field field) throws ConfigException {
        Declared declared = app.fields().get(field);
        return declared == null
                ? Optional.empty()
                : Optional.of(expanded((String) declared.value(), declared.at(), declared.writtenAs()));
    }

    List<String> all(Field field) throws ConfigException {
        Declared declared = app.fields().get(field);
        if (declared == null) {
            return List.of();
        }
        var all = new ArrayList<String>();
        for (String text : app.texts(field)) {
            all.add(expanded(text, declared.at(), declared.writtenAs()));
        }
        return all;
    }

    String expanded(String text, Location at, String field) throws ConfigException {
        if (!app.expands() || at.line() == 0) {
            return text;
        }
        try {
            return expansion.expand(text);
        } catch (IllegalArgumentException unset) {
            throw ConfigException.invalid(at, "'" + field + "': " + unset.getMessage());
        }
    }

    Optional<Path> path(Field field, Path base) throws ConfigException {
        Optional<String> text = one(field);
        return text.isEmpty() ? Optional.empty() : Optional.of(path(app.at(field), field.key(), text.get(), base));
    }

    Path path(Location at, String field, String text, Path base) throws ConfigException {
        try {
            return base.resolve(home(text)).normalize();
        } catch (InvalidPathException invalid) {
            throw ConfigException.invalid(at, "'" + field + "': a path expected (" + invalid.getReason() + ")");
        }
    }

    /** A leading {@code ~} as the home folder. */
    String home(String text) {
        return text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    }
}
