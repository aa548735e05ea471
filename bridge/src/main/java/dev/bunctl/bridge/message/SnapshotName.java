package dev.bunctl.bridge.message;

import java.util.regex.Pattern;

/**
 * The name of a snapshot of what should run. It becomes part of a file's name: letters, digits and {@code . _ @ + -}, the
 * first a letter or digit.
 *
 * @param value the name itself
 */
public record SnapshotName(String value) {
    public static final int MAX_LENGTH = 64;

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]*");

    /** What {@code save} and {@code resurrect} take when none is given. */
    public static final SnapshotName DEFAULT = new SnapshotName("default");

    public SnapshotName {
        if (value.length() > MAX_LENGTH || !VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("the name of a snapshot has 1 to " + MAX_LENGTH
                    + " letters, digits and . _ @ + -, a letter or digit first");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
