package dev.bunctl.conf;

import java.nio.file.Path;
import java.util.List;

/**
 * What is executed, without a shell.
 *
 * @param executable absolute path of the program, found once with the starter's PATH (links are kept, so that an
 *     upgraded runtime is used at the next start)
 * @param arguments the argument vector, the program's own name first
 * @param script what the user named, for people to read
 * @param engine what kind of program it is; decides on the preload and on shared ports
 */
public record Program(Path executable, List<String> arguments, String script, Engine engine) {
    public Program {
        arguments = List.copyOf(arguments);
        if (!executable.isAbsolute() || arguments.isEmpty()) {
            throw new IllegalArgumentException("an absolute executable and its own name as first argument expected");
        }
    }

    /** Which engine executes the user's code. */
    public enum Engine {
        BUN,
        NODE,
        OTHER
    }
}
