package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.resolve.Interpreter;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.source.ConfigFormat;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the specifications of a {@code start} come from: a script, or a configuration, under the command line's options. */
final class StartSources {
    private final Request.Start request;
    private final Configurations configurations;
    private final Path directory;

    /** What a word on the command line stands for. */
    enum Meaning {
        SCRIPT,
        CONFIGURATION,
        STANDARD_INPUT,
        NAME
    }

    /**
     * Apps that are started together.
     *
     * @param origin the configuration they are from, or empty
     */
    record Batch(List<AppSpec> specs, Optional<Origin> origin) {
        Batch and(Batch other) {
            List<AppSpec> all = new ArrayList<>(specs);
            all.addAll(other.specs);
            return new Batch(all, origin);
        }
    }

    StartSources(Request.Start request) throws FailureException {
        this.request = request;
        this.configurations = Configurations.ofCaller();
        this.directory = configurations.starter().directory();
        if (request.name().isPresent() && request.targets().size() > 1) {
            throw new FailureException(ErrorCode.USAGE, "--name goes with one script", "give one script, or no --name");
        }
    }

    /** An existing file or the name of a script, else a name. */
    Meaning meaningOf(String target) throws FailureException {
        if (target.equals(Configurations.STANDARD_INPUT)) {
            return Meaning.STANDARD_INPUT;
        }
        boolean exists = Files.isRegularFile(configurations.absolute(target));
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
                || request.environmentName().isPresent()
                || !request.only().isEmpty()
                || request.directory().isPresent()
                || request.maxMemory().isPresent()
                || request.maxCpu().isPresent()
                || !request.arguments().isEmpty();
    }

    /** {@code start NAME --script FILE} or {@code --command WORDS}. */
    Batch commandLine(Optional<String> name) throws FailureException {
        return resolved(Loaded.commandLine(directory), Optional.empty(), name);
    }

    Batch script(String script) throws FailureException {
        return resolved(Loaded.commandLine(directory), Optional.of(script), Optional.empty());
    }

    Batch standardInput() throws FailureException {
        return chosen(configurations.standardInput());
    }

    /** The apps of the configuration named, or found. */
    Batch configuration() throws FailureException {
        return chosen(configurations.load(configurations.need(
                request.config(), "name a script: bunctl start server.ts; or write one: bunctl init")));
    }

    Batch configuration(String file) throws FailureException {
        return chosen(configurations.load(configurations.absolute(file)));
    }

    private Batch chosen(Loaded loaded) throws FailureException {
        return resolved(Configurations.only(loaded, request.only()), Optional.empty(), Optional.empty());
    }

    /** One app of the configuration named, or found. */
    Batch fromConfiguration(String name) throws FailureException {
        Optional<Path> found = configurations.find(request.config());
        if (found.isEmpty()) {
            throw new FailureException(
                    ErrorCode.UNKNOWN_APP,
                    "no app '" + name + "': it is neither a file nor a known app, and there is no bunctl.json here",
                    "'bunctl list' shows the known apps");
        }
        Loaded loaded = configurations.load(found.get());
        List<String> others = loaded.apps().stream().map(Configurations::nameOf).toList();
        if (!others.contains(name)) {
            throw new FailureException(
                    ErrorCode.UNKNOWN_APP,
                    "no app '" + name + "': it is neither a file, nor a known app, nor in " + loaded.source(),
                    "apps there: " + String.join(", ", others));
        }
        return resolved(Configurations.only(loaded, List.of(name)), Optional.empty(), Optional.empty());
    }

    /** What the configurations say in vain; told once. */
    List<String> takeWarnings() {
        return configurations.takeWarnings();
    }

    private Batch resolved(Loaded loaded, Optional<String> script, Optional<String> name) throws FailureException {
        try {
            return new Batch(
                    configurations.resolve(loaded, options(script, name)),
                    Configurations.origin(loaded, request.environmentName()));
        } catch (ConfigException wrong) {
            throw Configurations.refusal(wrong);
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
        request.environmentName().ifPresent(environment -> options.environment("--env", environment));
        return options.build();
    }

    private static void set(StartOptions.Builder options, String option, Field field, Optional<String> value) {
        value.ifPresent(text -> options.set(option, field, text));
    }
}
