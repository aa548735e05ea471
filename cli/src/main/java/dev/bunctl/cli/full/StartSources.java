package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.evaluate.ProcessEvaluator;
import dev.bunctl.conf.evaluate.RuntimeEvaluator;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.resolve.Interpreter;
import dev.bunctl.conf.resolve.SpecResolver;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.source.ConfigFormat;
import dev.bunctl.conf.source.ConfigLoader;
import dev.bunctl.conf.source.Discovery;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the specifications of a {@code start} come from: a script, or a configuration, under the command line's options. */
final class StartSources {
    private final Request.Start request;
    private final Starter starter;
    private final Path directory;
    private final ConfigLoader loader;
    private final List<String> warnings = new ArrayList<>();

    /** What a word on the command line stands for. */
    enum Meaning {
        SCRIPT,
        CONFIGURATION,
        NAME
    }

    StartSources(Request.Start request) throws FailureException {
        this.request = request;
        this.starter = CallingProcess.starter();
        this.directory = starter.directory();
        this.loader = new ConfigLoader(new RuntimeEvaluator(starter, ProcessEvaluator.TIME_LIMIT));
        if (request.name().isPresent() && request.targets().size() > 1) {
            throw new FailureException(ErrorCode.USAGE, "--name goes with one script", "give one script, or no --name");
        }
    }

    /** An existing file or the name of a script, else a name. */
    Meaning meaningOf(String target) {
        Path file = directory.resolve(target);
        boolean exists = Files.isRegularFile(file);
        if (exists && ConfigFormat.of(target).isPresent()) {
            return Meaning.CONFIGURATION;
        }
        return exists || Interpreter.isScriptName(target) || target.indexOf('/') >= 0 ? Meaning.SCRIPT : Meaning.NAME;
    }

    /** Whether the command line says more than what to start. */
    boolean hasOverrides() {
        return request.name().isPresent()
                || request.instances().isPresent()
                || !request.environment().isEmpty()
                || request.directory().isPresent()
                || request.maxMemory().isPresent()
                || request.maxCpu().isPresent()
                || !request.arguments().isEmpty();
    }

    /** {@code start NAME --script FILE} or {@code --command WORDS}. */
    List<AppSpec> commandLine(Optional<String> name) throws FailureException {
        return resolved(Loaded.commandLine(directory), Optional.empty(), name);
    }

    List<AppSpec> script(String script) throws FailureException {
        return resolved(Loaded.commandLine(directory), Optional.of(script), Optional.empty());
    }

    /** Every app of the configuration named, or found. */
    List<AppSpec> configuration() throws FailureException {
        return resolved(load(), Optional.empty(), Optional.empty());
    }

    List<AppSpec> configuration(String file) throws FailureException {
        return resolved(load(Path.of(file)), Optional.empty(), Optional.empty());
    }

    /** One app of the configuration named, or found. */
    List<AppSpec> fromConfiguration(String name) throws FailureException {
        Optional<Path> found = request.config().map(Path::of).or(() -> Discovery.find(directory));
        if (found.isEmpty()) {
            throw new FailureException(
                    ErrorCode.UNKNOWN_APP,
                    "no app '" + name + "': it is neither a file nor a known app, and there is no bunctl.json here",
                    "'bunctl list' shows the known apps");
        }
        Loaded loaded = load(found.get());
        List<DeclaredApp> named = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (DeclaredApp app : loaded.apps()) {
            String itsName = nameOf(app);
            others.add(itsName);
            if (itsName.equals(name)) {
                named.add(app);
            }
        }
        if (named.isEmpty()) {
            throw new FailureException(
                    ErrorCode.UNKNOWN_APP,
                    "no app '" + name + "': it is neither a file, nor a known app, nor in " + loaded.source(),
                    "apps there: " + String.join(", ", others));
        }
        return resolved(
                new Loaded(loaded.source(), loaded.file(), loaded.base(), named, false, loaded.warnings()),
                Optional.empty(),
                Optional.empty());
    }

    /** What the configurations say in vain. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    private static String nameOf(DeclaredApp app) {
        return app.get(Field.NAME).map(declared -> declared.value().toString()).orElse("");
    }

    private Loaded load() throws FailureException {
        if (request.config().isPresent()) {
            return load(Path.of(request.config().get()));
        }
        Optional<Path> found = Discovery.find(directory);
        if (found.isEmpty()) {
            throw new FailureException(
                    ErrorCode.NOT_FOUND,
                    "nothing to start: there is no bunctl.json in " + directory + " or in its folder config",
                    "name a script: bunctl start server.ts");
        }
        return load(found.get());
    }

    private Loaded load(Path file) throws FailureException {
        try {
            Path absolute = directory.resolve(file).normalize();
            String shown = absolute.startsWith(directory)
                    ? directory.relativize(absolute).toString()
                    : absolute.toString();
            Loaded loaded = loader.load(absolute, shown);
            loaded.warnings().forEach(warning -> warnings.add(warning.toString()));
            return loaded;
        } catch (ConfigException wrong) {
            throw refusal(wrong);
        }
    }

    private List<AppSpec> resolved(Loaded loaded, Optional<String> script, Optional<String> name)
            throws FailureException {
        Problems problems = new Problems();
        try {
            StartOptions options = options(script, name);
            List<AppSpec> specs = new SpecResolver(starter, options, problems).resolve(loaded.apps(), loaded.base());
            problems.warnings().forEach(warning -> warnings.add(warning.toString()));
            return specs;
        } catch (ConfigException wrong) {
            throw refusal(wrong);
        }
    }

    private StartOptions options(Optional<String> script, Optional<String> name) throws ConfigException {
        StartOptions.Builder options = new StartOptions.Builder();
        set(options, "--name", Field.NAME, request.name().or(() -> name));
        set(options, "--script", Field.SCRIPT, script.or(request::script));
        set(options, "--command", Field.COMMAND, request.command());
        set(options, "--instances", Field.INSTANCES, request.instances());
        set(options, "--cwd", Field.CWD, request.directory());
        set(options, "--max-memory", Field.MAX_MEMORY, request.maxMemory());
        set(options, "--max-cpu", Field.MAX_CPU_PERCENT, request.maxCpu());
        if (!request.arguments().isEmpty()) {
            options.set("--", Field.ARGS, request.arguments());
        }
        request.environment().forEach((variable, value) -> options.environment("--env", variable + "=" + value));
        return options.build();
    }

    private static void set(StartOptions.Builder options, String option, Field field, Optional<String> value) {
        value.ifPresent(text -> options.set(option, field, text));
    }

    private static FailureException refusal(ConfigException wrong) {
        return new FailureException(
                wrong.isNotFound() ? ErrorCode.NOT_FOUND : ErrorCode.INVALID, String.valueOf(wrong.getMessage()), "");
    }
}
