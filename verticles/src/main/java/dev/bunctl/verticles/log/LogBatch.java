package dev.bunctl.verticles.log;

import java.util.List;

/**
 * Some lines in order.
 *
 * @param items never empty unless this is the last batch
 * @param last whether nothing comes after it
 */
public record LogBatch(List<LogItem> items, boolean last) {
    public LogBatch {
        items = List.copyOf(items);
    }
}
