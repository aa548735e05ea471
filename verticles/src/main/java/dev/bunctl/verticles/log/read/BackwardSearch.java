package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.frame.Bytes;
import dev.bunctl.verticles.log.frame.Framer;
import dev.bunctl.verticles.log.frame.LineFilter;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds where the last lines of a log begin, from its end backward in blocks, so that the size of the log does not
 * matter. A compressed file is read from its start, for there is no other way. Blocking.
 */
final class BackwardSearch {
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int MAX_WINDOW_BYTES = 4 << 20;

    private final LineFilter filter;
    private final Optional<Instant> since;
    private final Optional<Instant> until;
    private final BooleanSupplier cancelled;
    private long wanted;
    private long found;
    private boolean atEnd = true;

    /** @param wanted most lines */
    BackwardSearch(
            long wanted,
            LineFilter filter,
            Optional<Instant> since,
            Optional<Instant> until,
            BooleanSupplier cancelled) {
        this.wanted = wanted;
        this.filter = filter;
        this.since = since;
        this.until = until;
        this.cancelled = cancelled;
    }

    /**
     * Where to start reading.
     *
     * @param offset in the file of that sequence
     * @param skip wanted lines to leave out from there on
     */
    record Start(long sequence, long offset, long skip) {}

    /** Wanted lines found so far. */
    long found() {
        return found;
    }

    /** What a look at one segment says: where to start, or that older ones must be looked at. */
    record Outcome(Start start, boolean enough) {}

    /** Looks at the next older segment; the newest comes first. */
    Outcome search(Segment segment) throws IOException {
        long size = segment.size();
        long from = 0;
        long to = size;
        try (ArrivalTimes times = segment.arrivals()) {
            if (since.isPresent()) {
                from = times.firstOffset(since.get(), size);
            }
            if (until.isPresent()) {
                to = times.firstOffset(until.get(), size);
            }
        }
        boolean reachedSince = from > 0;
        if (segment.compressed()) {
            return compressed(segment, from, to, reachedSince);
        }
        from = lineStart(segment, from, size);
        to = lineStart(segment, to, size);
        if (from >= to) {
            return new Outcome(new Start(segment.sequence(), from, 0), reachedSince || wanted == 0);
        }
        Start start = filter.acceptsAll() ? count(segment, from, to) : match(segment, from, to);
        return new Outcome(start, reachedSince || wanted == 0);
    }

    /** The first line that starts at this offset or behind it. */
    private static long lineStart(Segment segment, long offset, long size) throws IOException {
        if (offset == 0 || offset >= size) {
            return Math.min(offset, size);
        }
        byte[] block = new byte[BLOCK_BYTES];
        for (long at = offset - 1; at < size; ) {
            int read = segment.read(at, block, BLOCK_BYTES);
            int lineFeed = Bytes.indexOfLineFeed(block, 0, read);
            if (lineFeed >= 0) {
                return at + lineFeed + 1;
            }
            if (read == 0) {
                break;
            }
            at += read;
        }
        return size;
    }

    private Start count(Segment segment, long from, long to) throws IOException {
        if (wanted == 0) {
            return new Start(segment.sequence(), to, 0);
        }
        byte[] block = new byte[BLOCK_BYTES];
        for (long end = to; end > from && !cancelled.getAsBoolean(); ) {
            int length = (int) Math.min(BLOCK_BYTES, end - from);
            long start = end - length;
            int read = segment.read(start, block, length);
            if (atEnd && read > 0) {
                atEnd = false;
                boolean complete = block[read - 1] == '\n';
                found++;
                wanted--;
                read -= complete ? 1 : 0;
            }
            for (int at = Bytes.lastIndexOfLineFeed(block, 0, read);
                    at >= 0;
                    at = Bytes.lastIndexOfLineFeed(block, 0, at)) {
                if (wanted == 0) {
                    return new Start(segment.sequence(), start + at + 1, 0);
                }
                found++;
                wanted--;
            }
            end = start;
        }
        return new Start(segment.sequence(), from, 0);
    }

    private Start match(Segment segment, long from, long to) throws IOException {
        byte[] window = new byte[BLOCK_BYTES];
        long end = to;
        long oldest = to;
        while (end > from && wanted > 0 && !cancelled.getAsBoolean()) {
            int length = (int) Math.min(window.length, end - from);
            long start = end - length;
            int read = segment.read(start, window, length);
            int first = start == from ? 0 : Bytes.indexOfLineFeed(window, 0, Math.max(0, read - 1)) + 1;
            if (first == 0 && start > from && window.length < MAX_WINDOW_BYTES) {
                window = new byte[window.length * 2];
                continue;
            }
            oldest = matchWindow(window, first, read, start, oldest);
            end = start + first;
        }
        return new Start(segment.sequence(), oldest, 0);
    }

    /** Looks at whole lines from the last to the first. */
    private long matchWindow(byte[] window, int first, int read, long start, long oldest) {
        int end = read;
        long earliest = oldest;
        while (end > first && wanted > 0) {
            int contentEnd = window[end - 1] == '\n' ? end - 1 : end;
            int begin = Math.max(first, Bytes.lastIndexOfLineFeed(window, first, contentEnd) + 1);
            if (filter.accepts(window, begin, contentEnd)) {
                found++;
                wanted--;
                earliest = start + begin;
            }
            end = begin;
        }
        return earliest;
    }

    private Outcome compressed(Segment segment, long from, long to, boolean reachedSince) throws IOException {
        CompressedCount count = new CompressedCount(from, to);
        count.read(segment);
        long all = count.lines;
        long taken = Math.min(all, wanted);
        found += taken;
        wanted -= taken;
        atEnd = false;
        return new Outcome(new Start(segment.sequence(), count.first, all - taken), reachedSince || wanted == 0);
    }

    /** Counts wanted lines that start between two offsets. */
    private final class CompressedCount {
        private final Framer framer = new Framer(LogCursor.MAX_LINE_BYTES);
        private final long from;
        private final long to;
        private long at;
        private long lines;
        private long first = -1;

        CompressedCount(long from, long to) {
            this.from = from;
            this.to = to;
        }

        void read(Segment segment) throws IOException {
            byte[] block = new byte[BLOCK_BYTES];
            long offset = 0;
            for (int read = segment.read(0, block, BLOCK_BYTES);
                    read > 0 && !cancelled.getAsBoolean();
                    read = segment.read(offset, block, BLOCK_BYTES)) {
                offset += read;
                framer.feed(block, 0, read, this::line);
            }
            framer.finish(this::line);
            first = Math.max(first, 0);
        }

        private void line(byte[] bytes, int begin, int end, Framer.Ending ending) {
            if (at >= from && at < to && filter.accepts(bytes, begin, end)) {
                lines++;
                first = first < 0 ? at : first;
            }
            at += end - begin + (ending == Framer.Ending.LINE_FEED ? 1 : 0);
        }
    }
}
