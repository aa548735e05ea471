package dev.bunctl.conf.tree;

/**
 * Where a value stands.
 *
 * @param source a file as the user named it, or an option such as {@code --cwd}
 * @param line from 1, or 0 when the source has no lines that could be shown (options, evaluated programs)
 * @param column from 1, in characters, or 0
 */
public record Location(String source, int line, int column) {
    /** A source as a whole. */
    public static Location of(String source) {
        return new Location(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
