package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.LogEntry;
import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogSource;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Locale;

/** Gathers the lines of a reading that comes to its end into one answer. Used from one event loop. */
final class LogLines {
    /** Characters of text in one answer; older lines are left out. */
    static final int MAX_CHARACTERS = 2 << 20;

    private final LogCursor cursor;
    private final Deque<LogEntry> entries = new ArrayDeque<>();
    private int characters;
    private boolean complete = true;

    LogLines(LogCursor cursor) {
        this.cursor = cursor;
    }

    /** Reads to the end and gives the files back. */
    Future<Answer> read() {
        return next().<Answer>map(_ -> new Answer.LogLines(new ArrayList<>(entries), complete))
                .onComplete(_ -> cursor.close());
    }

    private Future<Void> next() {
        return cursor.next().compose(batch -> {
            take(batch);
            return batch.last() ? Future.succeededFuture() : next();
        });
    }

    private void take(LogBatch batch) {
        for (LogItem item : batch.items()) {
            LogEntry entry = entry(item);
            entries.add(entry);
            characters += length(entry);
            while (characters > MAX_CHARACTERS && entries.size() > 1) {
                characters -= length(entries.remove());
                complete = false;
            }
        }
    }

    private static int length(LogEntry entry) {
        return switch (entry.content()) {
            case LogEntry.Line(String text) -> text.length();
            case LogEntry.Gap(String why) -> why.length();
        };
    }

    /** An item as it is told outside. */
    static LogEntry entry(LogItem item) {
        LogSource source = item.source();
        return new LogEntry(
                item.arrival(),
                source.app(),
                source.instance(),
                source.stream().name().toLowerCase(Locale.ROOT),
                switch (item) {
                    case LogItem.Line line -> new LogEntry.Line(line.text().toString(StandardCharsets.UTF_8));
                    case LogItem.Gap gap -> new LogEntry.Gap(gap.reason());
                });
    }
}
