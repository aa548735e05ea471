package dev.bunctl.conf.resolve;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns declared apps into specifications: what is left open is filled from the starter and from defaults. */
public final class SpecResolver {
    private final Starter starter;
    private final StartOptions options;
    private final Problems problems;

    /**
     * A resolver for one starter.
     *
     * @param problems takes what is wrong with any app, and the warnings
     */
    public SpecResolver(Starter starter, StartOptions options, Problems problems) {
        this.starter = starter;
        this.options = options;
        this.problems = problems;
    }

    /**
     * Resolves all apps.
     *
     * @param base the folder that relative paths start from
     * @throws ConfigException with what is wrong with any of them
     */
    public List<AppSpec> resolve(List<DeclaredApp> apps, Path base) throws ConfigException {
        var specs = new ArrayList<AppSpec>();
        var seen = new HashMap<AppName, Location>();
        refuseUnknownEnvironment(apps);
        for (DeclaredApp declared : apps) {
            Optional<AppSpec> spec = resolve(over(declared, options), base);
            spec.ifPresent(resolved -> {
                Location earlier = seen.putIfAbsent(resolved.name(), declared.at(Field.NAME));
                if (earlier != null) {
                    problems.invalid(
                            declared.at(Field.NAME),
                            "the name '" + resolved.name() + "' is already taken at " + earlier
                                    + "; give each app a 'name' of its own");
                }
                specs.add(resolved);
            });
        }
        problems.refuse();
        Cycles.refuse(specs, name -> seen.getOrDefault(name, Location.of("")));
        return specs;
    }

    private void refuseUnknownEnvironment(List<DeclaredApp> apps) {
        options.environmentName().ifPresent(wanted -> {
            if (apps.stream().noneMatch(app -> app.environments().containsKey(wanted))) {
                List<String> known = apps.stream()
                        .flatMap(app -> app.environments().keySet().stream())
                        .distinct()
                        .sorted()
                        .toList();
                problems.invalid(
                        Location.of("--env"),
                        "no app has 'env_" + wanted + "'"
                                + (known.isEmpty() ? "" : "; there are: " + String.join(", ", known)));
            }
        });
    }

    /** An app with the options in the place of its own fields. */
    static DeclaredApp over(DeclaredApp app, StartOptions options) {
        if (options.fields().isEmpty()) {
            return app;
        }
        Map<Field, Declared> kept = new EnumMap<>(Field.class);
        kept.putAll(app.fields());
        if (options.fields().containsKey(Field.SCRIPT)) {
            kept.remove(Field.COMMAND);
        }
        if (options.fields().containsKey(Field.COMMAND)) {
            List.of(Field.SCRIPT, Field.ARGS, Field.INTERPRETER, Field.INTERPRETER_ARGS)
                    .forEach(kept::remove);
        }
        return new DeclaredApp(kept, app.environments(), app.at(), app.expands()).with(options.fields());
    }

    private Optional<AppSpec> resolve(DeclaredApp app, Path base) {
        int before = problems.count();
        try {
            AppSpec spec = spec(app, base);
            return problems.count() == before ? Optional.of(spec) : Optional.empty();
        } catch (ConfigException wrong) {
            problems.add(wrong);
        } catch (IllegalArgumentException wrong) {
            problems.invalid(app.at(), String.valueOf(wrong.getMessage()));
        }
        return Optional.empty();
    }

    private AppSpec spec(DeclaredApp app, Path base) throws ConfigException {
        Environments environments = Environments.of(app, options, starter, base, problems);
        var texts = new Texts(app, starter.home(), environments::value);
        Path directory = directory(app, texts, base);
        var finder = new ProgramFinder(
                directory, starter.home(), environments.value("PATH"), environments.value("BUN_INSTALL"));
        Program program = new ProgramChoice(app, directory, texts, finder).choose();
        return new AppSpec(
                name(app, program),
                texts.one(Field.NAMESPACE).orElse("default"),
                program,
                directory,
                environments.values(),
                environments.inherited(),
                Math.toIntExact(app.value(Field.UMASK, Long.class).orElse((long) starter.umask())),
                instances(app, environments, texts),
                app.value(Field.AUTO_START, Boolean.class).orElse(true),
                Policies.restart(app),
                Policies.stop(app),
                Policies.readiness(app, texts),
                Policies.health(app, texts, finder),
                HostParts.limits(app, starter),
                HostParts.user(app, texts),
                LogParts.logs(app, texts, directory),
                DeclaredApp.elements(app.value(Field.DEPENDS_ON, List.class).orElse(List.of())),
                HostParts.cron(app, texts),
                HostParts.watch(app, texts, directory),
                Explanation.sources(app, environments));
    }

    private static Path directory(DeclaredApp app, Texts texts, Path base) throws ConfigException {
        Path directory = texts.path(Field.CWD, base).orElse(base);
        Location at = app.at(Field.CWD);
        if (!Files.exists(directory)) {
            throw ConfigException.notFound(at, "'cwd': there is no folder " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw ConfigException.invalid(at, "'cwd': a folder expected, not the file " + directory);
        }
        if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
            throw ConfigException.notFound(at, "'cwd': the folder " + directory + " cannot be read");
        }
        return directory;
    }

    private AppName name(DeclaredApp app, Program program) throws ConfigException {
        Optional<AppName> given = app.value(Field.NAME, AppName.class);
        String name = given.isPresent() ? given.get().value() : DefaultName.of(program);
        if (app.value(Field.APPEND_ENV_TO_NAME, Boolean.class).orElse(false)
                && options.environmentName().isPresent()) {
            name = name + "-" + options.environmentName().get();
        }
        String problem = AppName.problemOf(name);
        if (problem != null) {
            throw ConfigException.invalid(
                    app.at(Field.NAME), "'name': '" + name + "' cannot be the app's name: " + problem);
        }
        return new AppName(name);
    }

    private Instances instances(DeclaredApp app, Environments environments, Texts texts) throws ConfigException {
        long wanted = app.value(Field.INSTANCES, Long.class).orElse(1L);
        long count = wanted > 0 ? wanted : Math.max(1, starter.processors() + wanted);
        Optional<String> increment = texts.one(Field.INCREMENT_VAR);
        if (increment.isPresent()) {
            String value = environments.value(increment.get()).orElse("0");
            if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(Character::isDigit)) {
                throw ConfigException.invalid(
                        app.at(Field.INCREMENT_VAR),
                        "'increment_var': the variable " + increment.get() + " must hold a whole number");
            }
        }
        boolean fork =
                app.value(Field.EXEC_MODE, String.class).orElse("cluster").startsWith("fork");
        return new Instances(
                Math.toIntExact(count),
                texts.one(Field.INSTANCE_VAR).orElse(Instances.DEFAULT_VARIABLE),
                increment,
                !fork);
    }
}
