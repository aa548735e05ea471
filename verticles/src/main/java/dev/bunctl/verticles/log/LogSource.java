package dev.bunctl.verticles.log;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * One log file and whose it is.
 *
 * @param app name of the app
 * @param instance number of the instance, or empty when instances share the file
 * @param file the file that is written to now; those put aside stand beside it
 */
public record LogSource(String app, OptionalInt instance, Stream stream, Path file) {
    public LogSource {
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("absolute path of a log expected: " + file);
        }
    }

    /** What is in a log. */
    public enum Stream {
        STDOUT,
        STDERR,
        COMBINED
    }
}
