package dev.bunctl.verticles.log.read;

import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogPosition;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.log.LogResume;
import dev.bunctl.verticles.log.LogSource;
import dev.bunctl.verticles.log.collect.Growth;
import dev.bunctl.verticles.log.collect.Lane;
import dev.bunctl.verticles.log.files.ArrivalIndex;
import dev.bunctl.verticles.log.frame.LineFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads several logs in the order of their arrival, and waits for more where it follows. */
final class FileLogCursor implements LogCursor {
    /** What all sources of one reading may hold in blocks. */
    static final int MAX_BLOCK_MEMORY = 4 << 20;

    private static final int MAX_BLOCK_BYTES = 64 * 1024;
    private static final int MIN_BLOCK_BYTES = 4 * 1024;

    private final Context context;
    private final Lane lane;
    private final Growth growth;
    private final LogRequest request;
    private final Merge merge = new Merge();
    private final List<Growth.Following> followings = new ArrayList<>();
    private final Set<Path> known = new HashSet<>();
    private final LineFilter pattern;
    private final AtomicReference<@Nullable Promise<LogBatch>> asked = new AtomicReference<>();
    private final AtomicBoolean answerPlanned = new AtomicBoolean();
    private volatile boolean closed;
    private boolean located;

    FileLogCursor(Vertx vertx, Lane lane, Growth growth, LogRequest request) {
        this.context = vertx.getOrCreateContext();
        this.lane = lane;
        this.growth = growth;
        this.request = request;
        this.pattern = new LineFilter(request.pattern());
        LogSelection selection =
                selection(request.query().lines(), request.query().since());
        Optional<LogResume> resume = request.resume();
        for (LogSource source : request.sources()) {
            Optional<LogPosition> position = resume.map(from -> from.positions().get(source.file()));
            known.add(source.file());
            merge.add(
                    resume.isPresent() && position.isEmpty()
                            ? reader(source, arrivedSince(resume.get().since()), Optional.empty())
                            : reader(source, selection, position));
        }
    }

    private LogSelection selection(int lines, Optional<Instant> since) {
        return new LogSelection(
                lines, request.query().follow(), pattern, since, request.query().until(), () -> closed);
    }

    /** An index may say of a line that it arrived with one a little before it. */
    private LogSelection arrivedSince(Instant since) {
        return selection(LogQuery.MAX_LINES, Optional.of(since.minusMillis(ArrivalIndex.RESOLUTION_MILLIS)));
    }

    private SourceReader reader(LogSource source, LogSelection selection, Optional<LogPosition> resume) {
        int block = Math.clamp(MAX_BLOCK_MEMORY / Math.max(1, known.size()), MIN_BLOCK_BYTES, MAX_BLOCK_BYTES);
        return new SourceReader(source, selection, resume, block);
    }

    @Override
    public boolean add(LogSource source, Instant since) {
        if (known.size() >= LogRequest.MAX_SOURCES) {
            return known.contains(source.file());
        }
        if (known.add(source.file())) {
            SourceReader reader = reader(source, arrivedSince(since), Optional.empty());
            lane.execute(() -> added(reader));
        }
        return true;
    }

    private void added(SourceReader reader) {
        if (closed) {
            return;
        }
        merge.add(reader);
        if (located) {
            try {
                locate(reader);
            } catch (IOException e) {
                fail(e);
                return;
            }
            answer();
        }
    }

    @Override
    public Future<LogBatch> next() {
        Promise<LogBatch> promise = Promise.promise();
        if (closed) {
            promise.complete(LogBatch.end());
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
                give(LogBatch.end());
                return;
            }
            boolean first = !located;
            if (first) {
                located = true;
                locate();
            }
            List<LogItem> items = merge.next(() -> closed);
            boolean last = !request.query().follow() && items.isEmpty();
            if (last || closed || first || !items.isEmpty()) {
                give(new LogBatch(items, last || closed, merge.takePositions()));
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Exception cause) {
        Promise<LogBatch> promise = asked.getAndSet(null);
        if (promise != null) {
            context.runOnContext(v -> promise.fail(cause));
        }
    }

    private void give(LogBatch batch) {
        Promise<LogBatch> promise = asked.getAndSet(null);
        if (promise != null) {
            context.runOnContext(v -> promise.complete(batch));
        }
    }

    private void locate() throws IOException {
        for (SourceReader reader : merge.readers()) {
            locate(reader);
        }
        if (request.resume().isEmpty()) {
            merge.keepLast(request.query().lines());
        }
    }

    private void locate(SourceReader reader) throws IOException {
        if (request.query().follow()) {
            followings.add(growth.follow(reader.source().file(), () -> changed(reader)));
        }
        reader.locate();
        merge.located(reader);
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

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        lane.execute(() -> {
            answer();
            followings.forEach(Growth.Following::close);
            for (SourceReader reader : merge.readers()) {
                try {
                    reader.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }
}
