package dev.bunctl.bridge.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the words of the commands about configurations become a request. */
final class ConfigInterpretations {
    private static final List<String> FIELDS =
            List.of("name", "entry", "port", "memory", "cpu", "runtime", "autostart", "instances", "cwd", "env-file");

    private ConfigInterpretations() {}

    static Request init(Arguments arguments) throws UsageException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String field : FIELDS) {
            arguments.value(field).ifPresent(value -> values.put(field, value));
        }
        Optional<String> from = arguments.value("from-ecosystem");
        if (from.isPresent() && !values.isEmpty()) {
            throw new UsageException(
                    "--from-ecosystem takes the apps as they are: no --"
                            + values.keySet().iterator().next(),
                    "write the file first, then edit it");
        }
        return new Request.Init(
                values,
                from,
                arguments.value("format").orElse(""),
                arguments.has("ecosystem"),
                arguments.has("yes"),
                arguments.has("force"),
                arguments.has("json"));
    }

    static Request validate(Arguments arguments) throws UsageException {
        return new Request.Validate(arguments.operands(), environmentName(arguments), arguments.has("json"));
    }

    static Request config(Arguments arguments) throws UsageException {
        if (!arguments.has("schema")) {
            return new Request.ShowConfig(choice(arguments), arguments.has("explain"), arguments.has("json"));
        }
        if (arguments.options().size() > 1 || !arguments.operands().isEmpty()) {
            throw new UsageException("--schema stands alone");
        }
        return new Request.ShowSchema();
    }

    static Request plan(Arguments arguments) throws UsageException {
        return new Request.Plan(choice(arguments), arguments.has("exit-code"), arguments.has("json"));
    }

    static Request apply(Arguments arguments) throws UsageException {
        return new Request.Apply(choice(arguments), !arguments.has("no-wait"), arguments.has("json"));
    }

    private static ConfigChoice choice(Arguments arguments) throws UsageException {
        Optional<String> file = arguments.value("config");
        if (file.isPresent() && !arguments.operands().isEmpty()) {
            throw new UsageException("the configuration is named twice: by --config and without it");
        }
        return new ConfigChoice(
                file.or(() -> arguments.operands().stream().findFirst()), environmentName(arguments), only(arguments));
    }

    private static Optional<String> environmentName(Arguments arguments) throws UsageException {
        Optional<String> name = arguments.value("env");
        if (name.isPresent() && (name.get().isEmpty() || name.get().indexOf('=') >= 0)) {
            throw new UsageException("--env takes the NAME of an env_NAME here, not '" + name.get() + "'");
        }
        return name;
    }

    /** {@code --only api,worker --only mail}: three names. */
    static List<String> only(Arguments arguments) throws UsageException {
        List<String> names = new ArrayList<>();
        for (String words : arguments.values("only")) {
            for (String name : words.split(",", -1)) {
                if (name.isBlank()) {
                    throw new UsageException("--only takes names with commas between them, not '" + words + "'");
                }
                names.add(name.strip());
            }
        }
        return names;
    }
}
