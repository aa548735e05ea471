package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.evaluate.ProcessEvaluator;
import dev.bunctl.conf.evaluate.RuntimeEvaluator;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.resolve.SpecResolver;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.source.ConfigLoader;
import dev.bunctl.conf.source.Discovery;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problems;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and resolves configurations for the caller; keeps what they say in vain. */
final class Configurations {
    /** The word on the command line for standard input. */
    static final String STANDARD_INPUT = "-";

    private final Starter starter;
    private final ConfigLoader loader;
    private final List<String> warnings = new ArrayList<>();

    Configurations(Starter starter) {
        this.starter = starter;
        this.loader = new ConfigLoader(new RuntimeEvaluator(starter, ProcessEvaluator.TIME_LIMIT));
    }

    static Configurations ofCaller() throws FailureException {
        return new Configurations(CallingProcess.starter());
    }

    Starter starter() {
        return starter;
    }

    /** The absolute path of a configuration that the user named, or of the one found. */
    Optional<Path> find(Optional<String> named) throws FailureException {
        return named.isPresent() ? Optional.of(absolute(named.get())) : Discovery.find(starter.directory());
    }

    /** As {@link #find}; says what can be done when there is none. */
    Path need(Optional<String> named, String hint) throws FailureException {
        Optional<Path> found = find(named);
        if (found.isEmpty()) {
            throw new FailureException(
                    ErrorCode.NOT_FOUND,
                    "there is no bunctl.json, ecosystem.config.js or the like in " + starter.directory()
                            + " or in its folder config",
                    hint);
        }
        return found.get();
    }

    Path absolute(String file) throws FailureException {
        try {
            return starter.directory().resolve(file).normalize();
        } catch (InvalidPathException impossible) {
            throw new FailureException(ErrorCode.NOT_FOUND, "no path: " + impossible.getMessage(), "");
        }
    }

    /** A path as the user would write it. */
    String shown(Path file) {
        Path directory = starter.directory();
        return file.startsWith(directory) ? directory.relativize(file).toString() : file.toString();
    }

    Loaded read(Path file) throws ConfigException {
        Loaded loaded = loader.load(file, shown(file));
        loaded.warnings().forEach(warning -> warnings.add(warning.toString()));
        return loaded;
    }

    Loaded load(Path file) throws FailureException {
        try {
            return read(file);
        } catch (ConfigException wrong) {
            throw refusal(wrong);
        }
    }

    /** JSON from standard input, to its end. */
    Loaded standardInput() throws FailureException {
        try {
            Loaded loaded = loader.read(new FileInputStream(FileDescriptor.in), starter.directory());
            loaded.warnings().forEach(warning -> warnings.add(warning.toString()));
            return loaded;
        } catch (ConfigException wrong) {
            throw refusal(wrong);
        }
    }

    List<AppSpec> resolve(Loaded loaded, StartOptions options) throws ConfigException {
        Problems problems = new Problems();
        List<AppSpec> specs = new SpecResolver(starter, options, problems).resolve(loaded.apps(), loaded.base());
        problems.warnings().forEach(warning -> warnings.add(warning.toString()));
        return specs;
    }

    List<AppSpec> resolved(Loaded loaded, StartOptions options) throws FailureException {
        try {
            return resolve(loaded, options);
        } catch (ConfigException wrong) {
            throw refusal(wrong);
        }
    }

    /** A configuration with the apps of these names alone, as far as it has them; with all of them when none is named. */
    static Loaded among(Loaded loaded, List<String> names) {
        List<DeclaredApp> chosen = loaded.apps().stream()
                .filter(app -> names.isEmpty() || names.contains(nameOf(app)))
                .toList();
        return new Loaded(loaded.source(), loaded.file(), loaded.base(), chosen, loaded.watched(), loaded.warnings());
    }

    /** The same; refused when a name is not there. */
    static Loaded only(Loaded loaded, List<String> names) throws FailureException {
        List<String> all = loaded.apps().stream().map(Configurations::nameOf).toList();
        for (String name : names) {
            if (!all.contains(name)) {
                throw new FailureException(
                        ErrorCode.UNKNOWN_APP,
                        "no app '" + name + "' in " + loaded.source(),
                        "apps there: " + String.join(", ", all));
            }
        }
        return among(loaded, names);
    }

    static String nameOf(DeclaredApp app) {
        return app.get(Field.NAME).map(declared -> declared.value().toString()).orElse("");
    }

    static StartOptions options(Optional<String> environmentName) {
        return new StartOptions(Map.of(), Map.of(), environmentName);
    }

    /** What the daemon keeps of where apps come from; nothing for what is no file. */
    static Optional<Origin> origin(Loaded loaded, Optional<String> environmentName) {
        return loaded.file().map(file -> new Origin(file, environmentName, loaded.watched()));
    }

    /** What the configurations say in vain. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The same, told once. */
    List<String> takeWarnings() {
        List<String> taken = List.copyOf(warnings);
        warnings.clear();
        return taken;
    }

    static FailureException refusal(ConfigException wrong) {
        return new FailureException(
                wrong.isNotFound() ? ErrorCode.NOT_FOUND : ErrorCode.INVALID, String.valueOf(wrong.getMessage()), "");
    }
}
