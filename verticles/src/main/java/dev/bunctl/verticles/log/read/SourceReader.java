package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogPosition;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogSource;
import dev.bunctl.verticles.log.frame.Framer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Gives the wanted lines of one log in order. Blocking; used by one thread at a time, but for {@link #wake}. */
final class SourceReader implements AutoCloseable {
    private final LogSource source;
    private final LogSelection selection;
    private final LogWalk walk;
    private final byte[] block;
    private final Framer framer = new Framer(LogCursor.MAX_LINE_BYTES);
    private final Deque<Read> ready = new ArrayDeque<>();
    private final Optional<LogPosition> resume;
    private final AtomicBoolean changed = new AtomicBoolean(true);

    private @Nullable ArrivalTimes times;
    private long offset;
    private long lineStart;
    private long lastMillis;
    private long skip;
    private long found;
    private long pastEnd = Long.MAX_VALUE;
    private boolean finished;

    /** An item, and where the next one begins. */
    private record Read(LogItem item, LogPosition after) {}

    /** @param resume where to go on, in place of lines of the past */
    SourceReader(LogSource source, LogSelection selection, Optional<LogPosition> resume, int blockBytes) {
        this.source = source;
        this.selection = selection;
        this.resume = resume;
        this.walk = new LogWalk(source.file());
        this.block = new byte[blockBytes];
    }

    LogSource source() {
        return source;
    }

    /** Wanted lines of the past, known after {@link #locate}. */
    long found() {
        return found;
    }

    /** The log has changed. From any thread. */
    void wake() {
        changed.set(true);
    }

    /** Finds where to start. */
    void locate() throws IOException {
        BackwardSearch.Start start = start();
        skip = start.skip();
        if (walk.advance(0)) {
            enter();
            Segment first = walk.current();
            if (first != null && first.sequence() == start.sequence()) {
                offset = start.offset();
                lineStart = offset;
            }
        }
        noteMissed();
    }

    private BackwardSearch.Start start() throws IOException {
        if (resume.isPresent()) {
            return walk.resume(resume.get());
        }
        BackwardSearch search = selection.search();
        BackwardSearch.Start start = walk.locate(search, selection);
        found = search.found();
        return start;
    }

    /** Where the next line begins that was not removed yet. */
    LogPosition position() {
        return new LogPosition(walk.number(), Math.max(0, lineStart), walk.mark());
    }

    private void enter() throws IOException {
        closeTimes();
        Segment segment = walk.current();
        if (segment != null) {
            times = segment.arrivals();
            if (!selection.follow() && segment.sequence() == Segment.LIVE) {
                pastEnd = segment.size();
            }
        }
        offset = 0;
        lineStart = -framer.pending();
    }

    /** The next item, or null when there is none now. */
    @Nullable
    LogItem peek() throws IOException {
        while (ready.isEmpty() && !finished && changed.getAndSet(false)) {
            if (fill()) {
                changed.set(true);
            }
        }
        Read first = ready.peek();
        return first == null ? null : first.item();
    }

    /** Takes the item that {@link #peek} gave; where the next one begins. */
    LogPosition remove() {
        return ready.remove().after();
    }

    /** Reads a block; false when nothing more is there now. */
    private boolean fill() throws IOException {
        Segment segment = walk.current();
        if (segment != null) {
            if (segment.size() < offset) {
                framer.finish(this::line);
                enter();
            }
            int length = (int) Math.min(block.length, pastEnd - offset);
            int read = length <= 0 ? 0 : segment.read(offset, block, length);
            if (read > 0) {
                offset += read;
                framer.feed(block, 0, read, this::line);
                return true;
            }
        }
        if (pastEnd == Long.MAX_VALUE && walk.advance(offset)) {
            if (walk.current() != segment) {
                changeFile();
            }
            return true;
        }
        if (!selection.follow()) {
            framer.finish(this::line);
            finished = true;
        }
        return false;
    }

    private void changeFile() throws IOException {
        noteMissed();
        enter();
    }

    private void noteMissed() {
        long missed = walk.takeMissed();
        if (missed > 0) {
            framer.finish(this::line);
            String files = missed == 1 ? "1 file of this log was" : missed + " files of this log were";
            LogItem gap = new LogItem.Gap(
                    source, Instant.ofEpochMilli(lastMillis), files + " deleted before it could be read");
            ready.add(new Read(gap, new LogPosition(walk.number(), 0, walk.mark())));
        }
    }

    private void line(byte[] bytes, int from, int to, Framer.Ending ending) {
        long at = lineStart;
        lineStart += to - from + (ending == Framer.Ending.LINE_FEED ? 1 : 0);
        lastMillis = arrival(at);
        if (!selection.accepts(lastMillis, bytes, from, to)) {
            return;
        }
        if (skip > 0) {
            skip--;
            return;
        }
        Buffer text = Buffer.buffer(Arrays.copyOfRange(bytes, from, to));
        ready.add(new Read(new LogItem.Line(source, Instant.ofEpochMilli(lastMillis), text), position()));
    }

    private long arrival(long at) {
        try {
            return times == null ? lastMillis : times.at(Math.max(0, at));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeTimes() throws IOException {
        if (times != null) {
            times.close();
            times = null;
        }
    }

    @Override
    public void close() throws IOException {
        walk.close();
        closeTimes();
    }
}
