package dev.bunctl.conf.resolve;

import dev.bunctl.conf.Program;
import dev.bunctl.conf.Program.Engine;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.CommandWords;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses what is executed for one app. */
final class ProgramChoice {
    private final DeclaredApp app;
    private final Path directory;
    private final Texts texts;
    private final ProgramFinder programs;

    ProgramChoice(DeclaredApp app, Path directory, Texts texts, ProgramFinder programs) {
        this.app = app;
        this.directory = directory;
        this.texts = texts;
        this.programs = programs;
    }

    Program choose() throws ConfigException {
        boolean script = app.has(Field.SCRIPT);
        boolean command = app.has(Field.COMMAND);
        if (script && command) {
            throw ConfigException.invalid(
                    app.at(Field.COMMAND), "'command' and 'script' are both given: only one of them expected");
        }
        if (!script && !command) {
            throw ConfigException.invalid(app.at(), "an app needs a 'script' or a 'command'");
        }
        return script ? script() : command();
    }

    private Program command() throws ConfigException {
        Location at = app.at(Field.COMMAND);
        List<String> words = texts.all(Field.COMMAND);
        if (words.isEmpty()) {
            throw ConfigException.invalid(at, "'command': a program and its arguments expected, not nothing");
        }
        refuseScriptFields();
        String name = words.get(0);
        int equals = name.indexOf('=');
        if (equals > 0 && name.indexOf('/') < 0) {
            throw ConfigException.invalid(
                    at, "'command': a program expected, not '" + name + "' (variables belong in 'env')");
        }
        var arguments = new ArrayList<>(words);
        arguments.addAll(texts.all(Field.ARGS));
        String shown = CommandWords.join(words);
        Optional<Path> program = programs.find(texts.home(name));
        if (program.isPresent()) {
            return new Program(program.get(), arguments, shown, engine(program.get()));
        }
        Path file = texts.path(at, "command", name, directory);
        if (Files.isRegularFile(file) && Interpreter.isScriptName(name)) {
            return interpreted(file, shown, arguments.subList(1, arguments.size()), at);
        }
        throw missing(at, "command", name, file);
    }

    private void refuseScriptFields() throws ConfigException {
        for (Field field : List.of(Field.INTERPRETER, Field.INTERPRETER_ARGS)) {
            if (app.has(field)) {
                throw ConfigException.invalid(
                        app.at(field), "'" + field.key() + "' goes with 'script'; 'command' names its program itself");
            }
        }
    }

    private Program script() throws ConfigException {
        Location at = app.at(Field.SCRIPT);
        String name = texts.one(Field.SCRIPT).orElse("");
        if (name.isBlank()) {
            throw ConfigException.invalid(at, "'script': a file expected, not nothing");
        }
        Path file = texts.path(at, "script", name, directory);
        List<String> arguments = texts.all(Field.ARGS);
        if (Files.isRegularFile(file)) {
            return file(file, name, arguments, at);
        }
        if (Files.isDirectory(file)) {
            throw ConfigException.invalid(at, "'script': a file expected, not the folder " + file);
        }
        Optional<Path> program =
                name.indexOf('/') < 0 && !Interpreter.isScriptName(name) ? programs.find(name) : Optional.empty();
        if (program.isEmpty()) {
            throw missing(at, "script", name, file);
        }
        return new Program(program.get(), first(name, arguments), name, engine(program.get()));
    }

    private static List<String> first(String name, List<String> arguments) {
        var all = new ArrayList<String>();
        all.add(name);
        all.addAll(arguments);
        return all;
    }

    private Program file(Path file, String name, List<String> arguments, Location at) throws ConfigException {
        String interpreter = texts.one(Field.INTERPRETER).orElse("");
        if (interpreter.equals("none") || (interpreter.isEmpty() && isDirect(file, name, at))) {
            if (!ProgramFinder.isProgram(file)) {
                throw ConfigException.invalid(
                        at,
                        "'script': " + file + " has no extension or shebang that names an interpreter, and is not"
                                + " executable (give 'interpreter', or chmod +x)");
            }
            return new Program(file, first(file.toString(), arguments), name, engine(file));
        }
        if (interpreter.isEmpty()) {
            return interpreted(file, name, arguments, at);
        }
        return run(interpreter, app.at(Field.INTERPRETER), file, name, arguments);
    }

    /** Whether the file is executed itself: neither its extension nor an interpreter of ours is asked. */
    private boolean isDirect(Path file, String name, Location at) throws ConfigException {
        if (Interpreter.isScriptName(name)) {
            return false;
        }
        return ProgramFinder.isProgram(file) || shebang(file, at).isEmpty();
    }

    private Program interpreted(Path file, String name, List<String> arguments, Location at) throws ConfigException {
        Optional<List<String>> shebang = shebang(file, at);
        if (shebang.isPresent()) {
            String program = shebang.get().get(0);
            List<String> flags = shebang.get().subList(1, shebang.get().size());
            Optional<Path> found = programs.find(program);
            if (found.isPresent()) {
                return interpreted(found.get(), Interpreter.fileName(program), flags, file, name, arguments);
            }
        }
        List<String> candidates = Interpreter.byExtension(file.toString());
        for (String candidate : candidates) {
            Optional<Path> found = programs.find(candidate);
            if (found.isPresent()) {
                return interpreted(found.get(), candidate, Interpreter.flags(candidate), file, name, arguments);
            }
        }
        String wanted = shebang.map(words -> words.get(0)).orElseGet(() -> String.join(" or ", candidates));
        throw ConfigException.notFound(
                at, "'script': " + name + " needs " + wanted + ", which is not on the PATH" + advice(wanted));
    }

    private static String advice(String program) {
        return program.startsWith("bun") ? " (install Bun: https://bun.sh, or `npm install bun`)" : "";
    }

    private Program run(String interpreter, Location at, Path file, String name, List<String> arguments)
            throws ConfigException {
        Optional<Path> found = programs.find(texts.home(interpreter));
        if (found.isEmpty()) {
            throw ConfigException.notFound(
                    at, "'interpreter': " + interpreter + " is not a program on the PATH" + advice(interpreter));
        }
        return interpreted(
                found.get(), Interpreter.fileName(interpreter), Interpreter.flags(interpreter), file, name, arguments);
    }

    private Program interpreted(
            Path program, String called, List<String> flags, Path file, String name, List<String> arguments)
            throws ConfigException {
        var vector = new ArrayList<String>();
        vector.add(called);
        vector.addAll(texts.all(Field.INTERPRETER_ARGS));
        vector.addAll(flags);
        vector.add(file.toString());
        vector.addAll(arguments);
        return new Program(program, vector, name, Interpreter.engine(program.toString()));
    }

    private Engine engine(Path program) throws ConfigException {
        Engine engine = Interpreter.engine(program.toString());
        if (engine != Engine.OTHER) {
            return engine;
        }
        return shebang(program, app.at())
                .map(words -> Interpreter.engine(words.get(0)))
                .orElse(Engine.OTHER);
    }

    private static Optional<List<String>> shebang(Path file, Location at) throws ConfigException {
        try {
            return Interpreter.shebang(file);
        } catch (IOException unreadable) {
            if (ProgramFinder.isProgram(file)) {
                // A program may be executable and not readable; then it has no shebang that could be followed.
                return Optional.empty();
            }
            throw ConfigException.notFound(at, file + " cannot be read: " + unreadable.getMessage());
        }
    }

    private static ConfigException missing(Location at, String field, String name, Path file) {
        boolean isPath = name.indexOf('/') >= 0 || Interpreter.isScriptName(name);
        if (isPath && Files.isRegularFile(file)) {
            return ConfigException.invalid(at, "'" + field + "': " + file + " is not executable (chmod +x)");
        }
        return ConfigException.notFound(
                at,
                isPath
                        ? "'" + field + "': there is no file " + file
                        : "'" + field + "': " + name
                                + " is neither a file in the app's folder nor a program on the PATH");
    }
}
