package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogPosition;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Merges several logs by time of arrival. Blocking; used by one thread at a time. */
final class Merge {
    private final List<SourceReader> readers = new ArrayList<>();
    private final Map<String, Long> toSkip = new HashMap<>();
    private final Map<Path, LogPosition> moved = new HashMap<>();

    void add(SourceReader reader) {
        readers.add(reader);
    }

    List<SourceReader> readers() {
        return readers;
    }

    /** A reader knows where it starts. */
    void located(SourceReader reader) {
        moved.put(reader.source().file(), reader.position());
    }

    /** Of the lines that were found, leaves out all but the last of each app, whichever of its logs they are in. */
    void keepLast(int lines) {
        for (SourceReader reader : readers) {
            var _ = toSkip.merge(reader.source().app(), reader.found(), Long::sum);
        }
        toSkip.replaceAll((app, found) -> Math.max(0, found - lines));
    }

    /** Where each reading goes on that has moved since this was last asked. */
    Map<Path, LogPosition> takePositions() {
        Map<Path, LogPosition> positions = Map.copyOf(moved);
        moved.clear();
        return positions;
    }

    /** As many items as make a batch, or all there are now. */
    List<LogItem> next(BooleanSupplier cancelled) throws IOException {
        List<LogItem> items = new ArrayList<>();
        long bytes = 0;
        while (bytes < LogCursor.MAX_BATCH_BYTES && !cancelled.getAsBoolean()) {
            SourceReader earliest = earliest();
            LogItem item = earliest == null ? null : earliest.peek();
            if (earliest == null || item == null || (bytes > 0 && bytes + sizeOf(item) > LogCursor.MAX_BATCH_BYTES)) {
                break;
            }
            moved.put(item.source().file(), earliest.remove());
            if (!skipped(item)) {
                items.add(item);
                bytes += sizeOf(item);
            }
        }
        return items;
    }

    private @Nullable SourceReader earliest() throws IOException {
        SourceReader earliest = null;
        LogItem first = null;
        for (SourceReader reader : readers) {
            LogItem item = reader.peek();
            if (item != null && (first == null || item.arrival().isBefore(first.arrival()))) {
                earliest = reader;
                first = item;
            }
        }
        return earliest;
    }

    private boolean skipped(LogItem item) {
        long left = toSkip.getOrDefault(item.source().app(), 0L);
        if (left > 0 && item instanceof LogItem.Line) {
            toSkip.put(item.source().app(), left - 1);
            return true;
        }
        return false;
    }

    private static int sizeOf(LogItem item) {
        return switch (item) {
            case LogItem.Line line -> line.text().length() + 1;
            case LogItem.Gap gap -> gap.reason().length() + 1;
        };
    }
}
