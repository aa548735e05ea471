package dev.bunctl.conf.init;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.source.Discovery;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the first configuration of a project. */
public final class Initializer {
    private static final Location HERE = Location.of("init");

    private Initializer() {}

    /**
     * A new file, not yet written.
     *
     * @param file absolute path
     * @param text its content
     * @param content what will be read from it
     */
    public record Draft(Path file, String text, Loaded content) {}

    /**
     * Drafts a configuration with one app; what was not given is found out.
     *
     * @throws ConfigException when no entry point was given and none is found
     */
    public static Draft draft(InitRequest request) throws ConfigException {
        Optional<PackageManifest> manifest =
                PackageManifest.read(request.folder().resolve("package.json"));
        Map<Field, Declared> fields = new EnumMap<>(Field.class);
        fields.putAll(request.fields());
        if (!fields.containsKey(Field.SCRIPT) && !fields.containsKey(Field.COMMAND)) {
            Path cwd = folder(request);
            String entry = EntryPoint.find(cwd, cwd.equals(request.folder()) ? manifest : Optional.empty())
                    .orElseThrow(() -> ConfigException.notFound(
                            HERE,
                            "no entry point found in " + cwd
                                    + " (package.json, src/server.ts, index.js, …); give --entry" + " FILE"));
            put(fields, Field.SCRIPT, entry);
        }
        if (!fields.containsKey(Field.NAME)) {
            put(fields, Field.NAME, name(request.folder(), manifest));
        }
        fields.put(Field.ENV, environment(fields.remove(Field.PORT)));
        var app = new DeclaredApp(fields, Map.of(), HERE, true);
        return draft(request.folder(), request.format(), List.of(app), false);
    }

    /**
     * Drafts a configuration with the apps of another, its names made ours.
     *
     * @param folder where the new file will be: paths in {@code from} must start from there too
     */
    public static Draft draft(Path folder, InitFormat format, Loaded from) throws ConfigException {
        Path file = folder.resolve(format.fileName());
        if (!Discovery.base(file).equals(from.base())) {
            throw ConfigException.invalid(
                    Location.of(from.source()), "its paths start from " + from.base() + "; run init there");
        }
        return draft(folder, format, from.apps(), from.watched());
    }

    private static Draft draft(Path folder, InitFormat format, List<DeclaredApp> apps, boolean watched) {
        Node root = AppWriter.root(apps, watched, expands(format));
        Path file = folder.resolve(format.fileName());
        var content = new Loaded(format.fileName(), Optional.of(file), Discovery.base(file), apps, watched, List.of());
        return new Draft(file, ConfigText.of(root, format), content);
    }

    private static boolean expands(InitFormat format) {
        return switch (format) {
            case JSON, YAML, ECOSYSTEM_JSON, ECOSYSTEM_YAML -> true;
            case ECOSYSTEM_JS, ECOSYSTEM_CJS, ECOSYSTEM_MJS, ECOSYSTEM_TS -> false;
        };
    }

    private static Path folder(InitRequest request) {
        Declared cwd = request.fields().get(Field.CWD);
        return cwd == null
                ? request.folder()
                : request.folder().resolve((String) cwd.value()).normalize();
    }

    private static void put(Map<Field, Declared> fields, Field field, String text) {
        fields.put(field, new Declared(field == Field.NAME ? new AppName(text) : text, HERE, field.key()));
    }

    private static Declared environment(@org.jspecify.annotations.Nullable Declared port) {
        var variables = new LinkedHashMap<String, Variable>();
        variables.put("NODE_ENV", new Variable("production", HERE));
        if (port != null) {
            variables.put("PORT", new Variable(port.value().toString(), HERE));
        }
        return new Declared(variables, HERE, Field.ENV.key());
    }

    /** The package's name, else the folder's, as far as an app can be called that. */
    private static String name(Path folder, Optional<PackageManifest> manifest) {
        Path last = folder.getFileName();
        return manifest.flatMap(PackageManifest::name)
                .filter(name -> AppName.problemOf(name) == null)
                .or(() -> Optional.ofNullable(last).map(Path::toString).filter(name -> AppName.problemOf(name) == null))
                .orElse("app");
    }

    /**
     * Writes a draft, whole or not at all.
     *
     * @param force whether a file that is there is replaced
     * @throws ConfigException when a file is there and {@code force} is not given, or it cannot be written
     */
    public static void write(Draft draft, boolean force) throws ConfigException {
        Location at = Location.of(draft.file().toString());
        Path temporary = draft.file().resolveSibling("." + draft.file().getFileName() + ".new");
        try {
            if (!force) {
                var _ = Files.writeString(
                        draft.file(), draft.text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                return;
            }
            var _ = Files.writeString(temporary, draft.text());
            var _ = Files.move(
                    temporary, draft.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileAlreadyExistsException exists) {
            throw ConfigException.invalid(at, "is there already; --force replaces it");
        } catch (IOException failed) {
            throw ConfigException.notFound(at, "cannot be written: " + failed.getMessage());
        }
    }
}
