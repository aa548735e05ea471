package dev.bunctl.conf;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.conf.evaluate.ConfigEvaluator;
import dev.bunctl.conf.resolve.SpecResolver;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.source.ConfigLoader;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder of the user's, with programs on a PATH of its own that contains nothing else. */
public final class Project {
    public static final int UMASK = 0022;
    public static final int PROCESSORS = 4;

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    /** An empty project inside {@code root}, which belongs to one test. */
    public Project(Path root) {
        try {
            this.folder = Files.createDirectories(root.resolve("app")).toRealPath();
            Files.createDirectories(bin());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        environment.put("PATH", bin().toString());
    }

    public Path folder() {
        return folder;
    }

    public Path bin() {
        return folder.resolveSibling("bin");
    }

    @CanIgnoreReturnValue
    public Project program(String... names) {
        for (String name : names) {
            executable(bin().resolve(name), "#!/bin/sh\nexit 0\n");
        }
        return this;
    }

    @CanIgnoreReturnValue
    public Project variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    @CanIgnoreReturnValue
    public Project file(String name, String text) {
        write(folder.resolve(name), text);
        return this;
    }

    @CanIgnoreReturnValue
    public Project executable(String name, String text) {
        executable(folder.resolve(name), text);
        return this;
    }

    private static void executable(Path path, String text) {
        write(path, text);
        try {
            var _ = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path path, String text) {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(path, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Starter starter() {
        return new Starter(folder, folder.resolveSibling("home"), environment, UMASK, Map.of(), PROCESSORS);
    }

    public Loaded load(String name) throws ConfigException {
        return new ConfigLoader(ConfigEvaluator.none()).load(folder.resolve(name), name);
    }

    public List<AppSpec> resolve(String name, StartOptions options) throws ConfigException {
        Loaded loaded = load(name);
        return new SpecResolver(starter(), options, new Problems()).resolve(loaded.apps(), loaded.base());
    }

    public List<AppSpec> resolve(String name) throws ConfigException {
        return resolve(name, StartOptions.NONE);
    }

    /** The one app of a {@code bunctl.json} of that text. */
    public AppSpec app(String json) throws ConfigException {
        return app(json, StartOptions.NONE);
    }

    public AppSpec app(String json, StartOptions options) throws ConfigException {
        return file("bunctl.json", json).resolve("bunctl.json", options).getFirst();
    }

    /** The app that a script on the command line gives. */
    public AppSpec script(StartOptions options) throws ConfigException {
        Loaded loaded = Loaded.commandLine(folder);
        return new SpecResolver(starter(), options, new Problems())
                .resolve(loaded.apps(), loaded.base())
                .getFirst();
    }
}
