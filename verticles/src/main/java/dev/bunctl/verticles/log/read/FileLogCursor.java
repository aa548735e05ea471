package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.log.LogSource;
import dev.bunctl.verticles.log.collect.Growth;
import dev.bunctl.verticles.log.collect.Lane;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Merges several logs by time of arrival, and waits for more where it follows. */
final class FileLogCursor implements LogCursor {
    /** What all sources of one reading may hold in blocks. */
    static final int MAX_BLOCK_MEMORY = 4 << 20;

    private static final int MAX_BLOCK_BYTES = 64 * 1024;
    private static final int MIN_BLOCK_BYTES = 4 * 1024;

    private final Context context;
    private final Lane lane;
    private final Growth growth;
    private final LogRequest request;
    private final List<SourceReader> readers = new ArrayList<>();
    private final List<Growth.Following> followings = new ArrayList<>();
    private final Map<String, Long> toSkip = new HashMap<>();
    private final AtomicReference<@Nullable Promise<LogBatch>> asked = new AtomicReference<>();
    private final AtomicBoolean answerPlanned = new AtomicBoolean();
    private volatile boolean closed;
    private boolean located;

    FileLogCursor(Vertx vertx, Lane lane, Growth growth, LogRequest request) {
        this.context = vertx.getOrCreateContext();
        this.lane = lane;
        this.growth = growth;
        this.request = request;
        int block =
                Math.clamp(MAX_BLOCK_MEMORY / Math.max(1, request.sources().size()), MIN_BLOCK_BYTES, MAX_BLOCK_BYTES);
        LogSelection selection = new LogSelection(
                request.query().lines(),
                request.query().follow(),
                new LineFilter(request.pattern()),
                request.query().since(),
                request.query().until(),
                () -> closed);
        for (LogSource source : request.sources()) {
            readers.add(new SourceReader(source, selection, block));
        }
    }

    @Override
    public Future<LogBatch> next() {
        Promise<LogBatch> promise = Promise.promise();
        if (closed) {
            promise.complete(new LogBatch(List.of(), true));
        } else if (!asked.compareAndSet(null, promise)) {
            throw new IllegalStateException("the batch asked for before has not come yet");
        } else {
            planAnswer();
        }
        return promise.future();
    }

    private void answer() {
        answerPlanned.set(false);
        if (asked.get() == null) {
            return;
        }
        try {
            if (closed) {
                give(new LogBatch(List.of(), true));
                return;
            }
            if (!located) {
                located = true;
                locate();
            }
            List<LogItem> items = merge();
            boolean last = !request.query().follow() && items.isEmpty();
            if (last || closed || !items.isEmpty()) {
                give(new LogBatch(items, last || closed));
            }
        } catch (IOException | RuntimeException e) {
            Promise<LogBatch> promise = asked.getAndSet(null);
            if (promise != null) {
                context.runOnContext(v -> promise.fail(e));
            }
        }
    }

    private void give(LogBatch batch) {
        Promise<LogBatch> promise = asked.getAndSet(null);
        if (promise != null) {
            context.runOnContext(v -> promise.complete(batch));
        }
    }

    private void locate() throws IOException {
        for (SourceReader reader : readers) {
            if (request.query().follow()) {
                followings.add(growth.follow(reader.source().file(), () -> changed(reader)));
            }
            reader.locate();
            var _ = toSkip.merge(reader.source().app(), reader.found(), Long::sum);
        }
        toSkip.replaceAll((app, found) -> Math.max(0, found - request.query().lines()));
    }

    private void changed(SourceReader reader) {
        reader.wake();
        if (asked.get() != null) {
            planAnswer();
        }
    }

    private void planAnswer() {
        if (answerPlanned.compareAndSet(false, true)) {
            lane.execute(this::answer);
        }
    }

    private List<LogItem> merge() throws IOException {
        List<LogItem> items = new ArrayList<>();
        long bytes = 0;
        while (bytes < MAX_BATCH_BYTES && !closed) {
            SourceReader earliest = earliest();
            if (earliest == null) {
                break;
            }
            LogItem item = earliest.peek();
            if (item == null || (bytes > 0 && bytes + sizeOf(item) > MAX_BATCH_BYTES)) {
                break;
            }
            earliest.remove();
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

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        lane.execute(() -> {
            answer();
            followings.forEach(Growth.Following::close);
            for (SourceReader reader : readers) {
                try {
                    reader.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }
}
