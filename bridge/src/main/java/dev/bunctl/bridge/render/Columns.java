package dev.bunctl.bridge.render;

import java.util.ArrayList;
import java.util.List;

/** A table of texts: each column as wide as its widest cell, each line cut at the terminal's edge. */
public final class Columns {
    private static final int GAP = 2;

    private Columns() {}

    /**
     * Draws a table.
     *
     * @param head the names of the columns, or empty for a table without
     * @param rows cells as they are; control characters are taken out here
     */
    public static String render(List<String> head, List<List<String>> rows, Presentation how) {
        List<List<String>> lines = new ArrayList<>();
        if (!head.isEmpty()) {
            lines.add(head);
        }
        rows.forEach(row -> lines.add(row.stream().map(Text::clean).toList()));
        int[] widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int n = 0; n < lines.size(); n++) {
            String line = line(lines.get(n), widths, how);
            out.append(n == 0 && !head.isEmpty() ? Paint.BOLD.on(line, how) : line)
                    .append('\n');
        }
        return out.toString();
    }

    private static int[] widths(List<List<String>> lines) {
        int[] widths = new int[lines.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> line : lines) {
            for (int column = 0; column < line.size(); column++) {
                widths[column] = Math.max(widths[column], Text.width(line.get(column)));
            }
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths, Presentation how) {
        StringBuilder out = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            out.repeat(' ', column == 0 ? 0 : GAP).append(cell).repeat(' ', widths[column] - Text.width(cell));
        }
        String line = out.toString().stripTrailing();
        return how.columns() > 0 ? Text.fit(line, how.columns()) : line;
    }
}
