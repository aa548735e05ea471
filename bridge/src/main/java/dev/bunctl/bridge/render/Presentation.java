package dev.bunctl.bridge.render;

/**
 * How an answer is shown.
 *
 * @param json whether as JSON
 * @param colours whether with colours
 * @param columns of the terminal, at least {@value #MIN_COLUMNS}; 0 when nothing is cut
 */
public record Presentation(boolean json, boolean colours, int columns) {
    public static final int MIN_COLUMNS = 40;

    /** For pipes and files. */
    public static final Presentation PLAIN = new Presentation(false, false, 0);

    public Presentation {
        columns = columns <= 0 ? 0 : Math.max(columns, MIN_COLUMNS);
    }
}
