package dev.bunctl.conf.tree;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration, or doubtful about it.
 *
 * @param at where
 * @param message what is wrong and what was expected, for people
 * @param sort what kind of answer it calls for
 * @param mismatch the parts of the message, where a value is not what its field takes
 */
public record Problem(Location at, String message, Sort sort, Optional<Mismatch> mismatch) {
    public Problem(Location at, String message, Sort sort) {
        this(at, message, sort, Optional.empty());
    }

    /**
     * A value that its field does not take.
     *
     * @param field as it is written there
     * @param expected what the field takes, for people
     * @param value as it may be shown
     */
    public record Mismatch(String field, String expected, String value) {
        Problem at(Location at) {
            String message = "'" + field + "': " + expected + " expected, not " + value;
            return new Problem(at, message, Sort.INVALID, Optional.of(this));
        }
    }

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
