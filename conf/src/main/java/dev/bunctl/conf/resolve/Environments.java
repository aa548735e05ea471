package dev.bunctl.conf.resolve;

import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The variables of one app. Later ones win: inherited (less {@code filter_env}), {@code port}, {@code env_file} in
 * order, {@code env}, {@code env_<name>}, {@code --env NAME=value}.
 *
 * @param inherited from the starter
 * @param declared by the configuration and the options, each with where it stands
 */
record Environments(Map<String, String> inherited, Map<String, Variable> declared) {
    static Environments of(DeclaredApp app, StartOptions options, Starter starter, Path base, Problems problems) {
        var declared = new LinkedHashMap<String, Variable>();
        app.get(Field.PORT)
                .ifPresent(
                        port -> declared.put("PORT", new Variable(port.value().toString(), port.at())));
        readFiles(app, starter, base, declared, problems);
        Map<String, Variable> fromFiles = Map.copyOf(declared);
        var expansion = new Texts(
                app,
                starter.home(),
                name -> Optional.ofNullable(fromFiles.get(name))
                        .map(Variable::value)
                        .or(() -> Optional.ofNullable(starter.environment().get(name))));
        app.get(Field.ENV).ifPresent(env -> put(env, expansion, declared, problems));
        options.environmentName()
                .map(name -> app.environments().get(name))
                .ifPresent(env -> put(env, expansion, declared, problems));
        declared.putAll(options.environment());
        return new Environments(inherited(app, starter), declared);
    }

    private static void put(Declared env, Texts expansion, Map<String, Variable> into, Problems problems) {
        DeclaredApp.variables(env).forEach((name, variable) -> {
            try {
                into.put(
                        name,
                        new Variable(
                                expansion.expanded(variable.value(), variable.at(), env.writtenAs() + "." + name),
                                variable.at()));
            } catch (ConfigException unset) {
                problems.add(unset);
            }
        });
    }

    private static Map<String, String> inherited(DeclaredApp app, Starter starter) {
        List<String> filters = app.texts(Field.FILTER_ENV);
        if (filters.isEmpty()) {
            return starter.environment();
        }
        var kept = new LinkedHashMap<String, String>();
        starter.environment().forEach((name, value) -> {
            if (filters.stream().noneMatch(filter -> filter.equals("*") || name.startsWith(filter))) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    private static void readFiles(
            DeclaredApp app, Starter starter, Path base, Map<String, Variable> into, Problems problems) {
        var texts = new Texts(
                app,
                starter.home(),
                name -> Optional.ofNullable(starter.environment().get(name)));
        Location at = app.at(Field.ENV_FILE);
        try {
            for (String name : texts.all(Field.ENV_FILE)) {
                Path file = texts.path(at, "env_file", name, base);
                into.putAll(EnvFile.read(
                        text(at, file),
                        file.toString(),
                        outer -> Optional.ofNullable(into.get(outer))
                                .map(Variable::value)
                                .or(() -> Optional.ofNullable(
                                        starter.environment().get(outer))),
                        problems));
            }
        } catch (ConfigException unreadable) {
            problems.add(unreadable);
        }
    }

    private static String text(Location at, Path file) throws ConfigException {
        try {
            if (Files.size(file) > EnvFile.MAX_BYTES) {
                throw ConfigException.invalid(
                        at, "'env_file': " + file + " has more than " + EnvFile.MAX_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException malformed) {
            throw ConfigException.invalid(at, "'env_file': " + file + " is not UTF-8 text");
        } catch (IOException unreadable) {
            throw ConfigException.notFound(
                    at,
                    "'env_file': " + file
                            + (Files.exists(file) ? " cannot be read: " + unreadable.getMessage() : " is not there"));
        }
    }

    /** The value that the app will see. */
    Optional<String> value(String name) {
        Variable variable = declared.get(name);
        return variable == null ? Optional.ofNullable(inherited.get(name)) : Optional.of(variable.value());
    }

    /** The declared variables alone. */
    Map<String, String> values() {
        var values = new LinkedHashMap<String, String>();
        declared.forEach((name, variable) -> values.put(name, variable.value()));
        return values;
    }
}
