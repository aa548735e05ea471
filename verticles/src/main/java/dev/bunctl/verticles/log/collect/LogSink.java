package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.LogPolicy.Rotation;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.log.files.LogFolder;
import dev.bunctl.verticles.log.frame.LineFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One log that is written to, by one stream or several. Blocking; may be used by several threads, which take turns.
 *
 * <p>The end of the file is asked of the file system before each batch: whatever someone else does to the file, it is
 * written at its end.
 */
final class LogSink implements Sink {
    /** Most bytes moved at once. */
    static final int MAX_CHUNK_BYTES = 1 << 20;

    /** Fewest bytes moved at once, near the size at which the log is put aside. */
    static final int MIN_CHUNK_BYTES = 16 * 1024;

    static final byte[] TORN = (LineFormat.DROPPED_MARK + "\n").getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final Workshop shop;
    private final Turnover turnover;
    private final Tidying tidying;
    private final Arrivals arrivals;
    private final SyncInterval syncing;
    private final Growth.Followed followed;
    private final ReentrantLock turn = new ReentrantLock();

    private @Nullable LogFile file;
    private long end;

    LogSink(Path path, Rotation policy, Workshop shop) {
        this.path = path;
        this.shop = shop;
        this.turnover = new Turnover(path, policy, shop);
        this.followed = shop.growth().of(path);
        this.tidying = new Tidying(path, shop);
        this.arrivals = new Arrivals(path, shop);
        this.syncing = new SyncInterval(path, shop, this::sync);
    }

    Path path() {
        return path;
    }

    /**
     * Takes another policy from now on.
     *
     * @param every how much time's output a loss of power may take
     */
    void adopt(Rotation next, Optional<Duration> every) {
        turn.lock();
        try {
            syncing.every(every);
            keepBy(next);
        } finally {
            turn.unlock();
        }
    }

    /** Another generation writes from now on: its first line is told from the last of the former by its time. */
    void beginGeneration() {
        turn.lock();
        try {
            arrivals.setApart();
        } finally {
            turn.unlock();
        }
    }

    private void keepBy(Rotation next) {
        turnover.adopt(next);
        if (file != null) {
            turnover.planByTime(end);
        }
    }

    /**
     * Moves what a pipe holds to the end of the log.
     *
     * @return bytes moved, or what {@link OutputPipe#transferTo} says
     */
    int transfer(OutputPipe pipe, int limit) throws NativeException {
        turn.lock();
        try {
            LogFile out = prepare();
            long room = Math.clamp(turnover.room(end), MIN_CHUNK_BYTES, MAX_CHUNK_BYTES);
            arrivals.note(end);
            int moved = pipe.transferTo(out, end, (int) Math.min(limit, room));
            if (moved > 0) {
                wrote(moved);
            }
            return moved;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public int write(byte[] bytes, int from, int length) throws NativeException {
        turn.lock();
        try {
            LogFile out = prepare();
            int written = length;
            arrivals.note(end);
            try {
                out.write(bytes, from, length, end);
            } catch (NativeException e) {
                written = (int) (out.size() - end);
                if (written <= 0) {
                    throw e;
                }
            }
            wrote(written);
            return written;
        } finally {
            turn.unlock();
        }
    }

    private LogFile prepare() throws NativeException {
        LogFile out = file == null ? open() : file;
        long size = out.size();
        if (size < end) {
            arrivals.restart();
        }
        end = size;
        if (turnover.isDueByTime(size)) {
            putAside();
            return file == null ? open() : file;
        }
        return out;
    }

    private LogFile open() throws NativeException {
        try {
            LogFolder.make(path);
            shop.steps().recover(path);
        } catch (IOException e) {
            throw failed("open", e);
        }
        LogFile opened = shop.platform().openLog(path);
        file = opened;
        end = opened.size();
        arrivals.open(end);
        turnover.planByTime(end);
        return opened;
    }

    private void wrote(int bytes) {
        shop.volume().wrote(bytes);
        end += bytes;
        if (turnover.isDueBySize(end, this::endsWithLineFeed)) {
            putAside();
            openEarly();
        }
        followed.changed();
        syncing.written();
    }

    /** What was written is written: that a new log cannot be made matters to the next write only, which tries again. */
    private void openEarly() {
        if (file == null) {
            try {
                var _ = open();
            } catch (NativeException e) {
                shop.troubles().report(path, "it was put aside and cannot be made anew: " + e.getMessage());
            }
        }
    }

    @Override
    public void endTornLine() throws NativeException {
        turn.lock();
        try {
            byte[] mark = endsWithLineFeed() ? new byte[0] : TORN;
            for (int written = 0; written < mark.length; ) {
                written += write(mark, written, mark.length - written);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Whether the last line is complete; true for an empty log. */
    private boolean endsWithLineFeed() {
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            return size == 0 || (channel.read(last, size - 1) == 1 && last.get(0) == '\n');
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            shop.troubles().report(path, "its end cannot be read: " + e);
            return true;
        }
    }

    /** Afterwards no file is open, or the same where it could not be put aside. */
    private void putAside() {
        if (!turnover.putAside(end)) {
            return;
        }
        end = 0;
        arrivals.close();
        LogFile old = file;
        file = null;
        if (old != null) {
            tidying.retire(old, turnover.policy());
        }
    }

    /** Puts the log aside now, unless it is empty, and keeps what was put aside by this policy. */
    void rotate(Rotation next) throws NativeException {
        turn.lock();
        try {
            keepBy(next);
            if (file == null && LogFolder.sizeOf(path) == 0) {
                return;
            }
            LogFile out = file == null ? open() : file;
            end = out.size();
            if (end > 0) {
                putAside();
                openEarly();
                followed.changed();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Empties the log and deletes all that was put aside. */
    void flush() throws NativeException {
        turn.lock();
        try {
            if (Files.exists(path)) {
                FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close();
            }
            end = 0;
            arrivals.empty();
            tidying.deleteAll();
            followed.changed();
        } catch (IOException e) {
            throw failed("flush", e);
        } finally {
            turn.unlock();
        }
    }

    /** Finishes what a former daemon began, and deletes what is no longer kept; on the maintenance thread. */
    void tidy() {
        tidying.tidyLater(turnover.policy());
    }

    @Override
    public void sync() throws NativeException {
        turn.lock();
        try {
            if (file != null) {
                file.sync();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Gives back the descriptors; the next write opens the log anew by its name. */
    void close() {
        turn.lock();
        try {
            arrivals.close();
            if (file != null) {
                file.close();
                file = null;
            }
            followed.changed();
        } finally {
            turn.unlock();
        }
    }

    private static NativeException failed(String call, IOException cause) {
        NativeException failure = new NativeException(call, 0, String.valueOf(cause));
        failure.initCause(cause);
        return failure;
    }
}
