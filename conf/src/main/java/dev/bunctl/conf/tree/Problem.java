package dev.bunctl.conf.tree;

/**
 * One thing that is wrong with a configuration, or doubtful about it.
 *
 * @param at where
 * @param message what is wrong and what was expected, for people
 * @param sort what kind of answer it calls for
 */
public record Problem(Location at, String message, Sort sort) {
    /** What kind of answer a problem calls for. */
    public enum Sort {
        /** The configuration has to be changed. */
        INVALID,
        /** A file, folder or program has to be made or installed. */
        NOT_FOUND,
        /** Nothing has to be done, but something will not happen that is written there. */
        WARNING
    }

    @Override
    public String toString() {
        return at + ": " + message;
    }
}
