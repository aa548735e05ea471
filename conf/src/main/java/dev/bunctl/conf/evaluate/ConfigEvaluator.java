package dev.bunctl.conf.evaluate;

import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.nio.file.Path;

/** Runs a configuration that is a JavaScript or TypeScript program, once. */
@FunctionalInterface
public interface ConfigEvaluator {
    /**
     * Returns what the program exports, as JSON.
     *
     * @param file absolute path of the program
     * @param source how it is called in messages
     * @throws ConfigException when it cannot be run, fails, takes too long or exports nothing that JSON can hold; the
     *     message ends with what it wrote to stderr
     */
    String evaluate(Path file, String source) throws ConfigException;

    /** Refuses every program. */
    static ConfigEvaluator none() {
        return (file, source) -> {
            throw ConfigException.invalid(Location.of(source), "a configuration that is a program cannot be run here");
        };
    }
}
