package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The table of instances: one line each, never wider than the terminal. */
final class ProcessTable {
    private static final List<String> HEAD =
            List.of("id", "name", "inst", "state", "pid", "uptime", "↺", "cpu", "memory");
    private static final int NAME = 1;
    private static final int STATE = 3;
    private static final int GAP = 2;
    private static final int MIN_NAME = 6;
    private static final String NONE = "-";

    private ProcessTable() {}

    static String render(List<InstanceStatus> instances, Presentation how) {
        List<List<String>> rows = new ArrayList<>();
        instances.forEach(instance -> rows.add(cells(instance)));
        int[] widths = widths(rows, how.columns());
        StringBuilder out = new StringBuilder();
        out.append(Paint.BOLD.on(line(HEAD, widths, how.columns()), how)).append('\n');
        for (int i = 0; i < rows.size(); i++) {
            String line = line(rows.get(i), widths, how.columns());
            out.append(painted(line, rows.get(i), instances.get(i).state(), how))
                    .append('\n');
        }
        return out.toString();
    }

    private static List<String> cells(InstanceStatus instance) {
        return List.of(
                Integer.toString(instance.id()),
                Text.clean(instance.name()),
                Integer.toString(instance.instance()),
                instance.state().wireName(),
                orNone(instance.pid()),
                instance.pid().isPresent() ? Quantities.time(instance.uptimeMillis()) : NONE,
                Integer.toString(instance.restarts()),
                instance.cpuPercent().map(Quantities::percent).orElse(NONE),
                instance.memoryBytes().isPresent()
                        ? Quantities.bytes(instance.memoryBytes().getAsLong())
                        : NONE);
    }

    private static String orNone(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : NONE;
    }

    /** Each column as wide as its widest cell; the names give way where that is too wide. */
    private static int[] widths(List<List<String>> rows, int columns) {
        int[] widths = new int[HEAD.size()];
        int total = GAP * (HEAD.size() - 1);
        for (int column = 0; column < widths.length; column++) {
            int widest = Text.width(HEAD.get(column));
            for (List<String> row : rows) {
                widest = Math.max(widest, Text.width(row.get(column)));
            }
            widths[column] = widest;
            total += widest;
        }
        if (columns > 0 && total > columns) {
            widths[NAME] = Math.max(MIN_NAME, widths[NAME] - (total - columns));
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths, int columns) {
        StringBuilder out = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = Text.fit(cells.get(column), widths[column]);
            int padding = widths[column] - Text.width(cell);
            boolean left = column == NAME || column == STATE;
            out.repeat(' ', column == 0 ? 0 : GAP);
            out.repeat(' ', left ? 0 : padding).append(cell).repeat(' ', left ? padding : 0);
        }
        String line = out.toString().stripTrailing();
        return columns > 0 ? Text.fit(line, columns) : line;
    }

    /** Colours the state in a finished line, so that colours never count as width. */
    private static String painted(String line, List<String> cells, InstanceStatus.State state, Presentation how) {
        String word = "  " + cells.get(STATE);
        int at = how.colours() ? line.indexOf(word) : -1;
        if (at < 0) {
            return line;
        }
        int from = at + 2;
        int to = at + word.length();
        return line.substring(0, from) + Paint.of(state).on(line.substring(from, to), how) + line.substring(to);
    }
}
