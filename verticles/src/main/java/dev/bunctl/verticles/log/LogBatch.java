package dev.bunctl.verticles.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Some lines in order.
 *
 * @param items empty only in the first batch of a follower, and in the last
 * @param last whether nothing comes after it
 * @param positions where the reading goes on behind this batch, of each log for which that is news
 */
public record LogBatch(List<LogItem> items, boolean last, Map<Path, LogPosition> positions) {
    public LogBatch {
        items = List.copyOf(items);
        positions = Map.copyOf(positions);
    }

    /** The end. */
    public static LogBatch end() {
        return new LogBatch(List.of(), true, Map.of());
    }
}
