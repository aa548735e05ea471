package dev.bunctl.conf.resolve;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.Kind;
import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.tree.CommandWords;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.HumanUnits;
import dev.bunctl.conf.tree.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells where each value of an app comes from. */
public final class Explanation {
    private static final String VARIABLE = "env.";

    private Explanation() {}

    /**
     * One value.
     *
     * @param field as in a configuration; a variable as {@code env.NAME}
     * @param value as people write it, secrets masked
     * @param origin file, line and column, an option, or {@code default}
     */
    public record Row(String field, String value, String origin) {}

    /**
     * All values of one app: those given, in the order of the table, its variables, then the defaults.
     *
     * @param base the folder that relative paths start from
     * @throws ConfigException when its environment cannot be read
     */
    public static List<Row> of(DeclaredApp app, StartOptions options, Starter starter, Path base)
            throws ConfigException {
        DeclaredApp merged = SpecResolver.over(app, options);
        var problems = new Problems();
        Environments environments = Environments.of(merged, options, starter, base, problems);
        problems.refuse();
        var rows = new ArrayList<Row>();
        sources(merged, environments).forEach((name, origin) -> {
            Variable variable =
                    name.startsWith(VARIABLE) ? environments.declared().get(name.substring(VARIABLE.length())) : null;
            rows.add(new Row(
                    name,
                    variable == null
                            ? shown(merged, name)
                            : EnvironmentMask.masked(name.substring(VARIABLE.length()), variable.value()),
                    origin));
        });
        for (Field field : Field.values()) {
            if (!merged.has(field) && !field.absent().isEmpty()) {
                rows.add(new Row(field.key(), field.absent(), "default"));
            }
        }
        return rows;
    }

    private static String shown(DeclaredApp app, String name) {
        return app.fields().entrySet().stream()
                .filter(given -> given.getKey().key().equals(name))
                .map(given -> shown(given.getKey().kind(), given.getValue()))
                .findFirst()
                .orElse("");
    }

    /** Where each value given to an app stands, in the order of the table, then its variables; see {@link AppSpec#sources}. */
    static Map<String, String> sources(DeclaredApp merged, Environments environments) {
        var sources = new LinkedHashMap<String, String>();
        for (Map.Entry<Field, Declared> given : merged.fields().entrySet()) {
            if (given.getKey() != Field.ENV) {
                sources.put(given.getKey().key(), origin(given));
            }
        }
        environments
                .declared()
                .forEach((name, variable) ->
                        sources.put(VARIABLE + name, variable.at().toString()));
        return sources;
    }

    private static String origin(Map.Entry<Field, Declared> given) {
        Declared declared = given.getValue();
        boolean renamed = !declared.writtenAs().equals(given.getKey().key());
        return declared.at() + (renamed ? " (as " + declared.writtenAs() + ")" : "");
    }

    private static String shown(Kind kind, Declared declared) {
        return switch (declared.value()) {
            case Duration time -> HumanUnits.show(time);
            case Long bytes when kind instanceof Kind.Size -> HumanUnits.show(bytes);
            case Long mask when kind instanceof Kind.Mask -> Long.toOctalString(mask);
            case Long count when kind instanceof Kind.InstanceCount && count == 0 -> "max";
            case List<?> words
            when kind instanceof Kind.Words ->
                CommandWords.join(words.stream().map(String::valueOf).toList());
            case Collection<?> values -> values.stream().map(String::valueOf).collect(Collectors.joining(", "));
            case Map<?, ?> headers ->
                headers.entrySet().stream()
                        .map(header -> header.getKey() + ": "
                                + EnvironmentMask.masked(
                                        String.valueOf(header.getKey()), String.valueOf(header.getValue())))
                        .collect(Collectors.joining(", "));
            default -> declared.value().toString();
        };
    }
}
