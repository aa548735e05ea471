package dev.bunctl.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The configuration that an app was started from, and that speaks for it from then on.
 *
 * @param file absolute path, as the user reached it: a link is kept, so that it may point to another release later
 * @param environmentName whose {@code env_<name>} was taken, or empty
 * @param watched whether the file is applied whenever it is saved
 */
public record Origin(Path file, Optional<String> environmentName, boolean watched) {
    public Origin {
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("the path of a configuration must be absolute: " + file);
        }
    }

    /** Whether both are the same file, under whatever environment. */
    public boolean isSameFile(Origin other) {
        return file.equals(other.file);
    }
}
