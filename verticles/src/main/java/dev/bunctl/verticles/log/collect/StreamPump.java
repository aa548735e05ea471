package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.LogPolicy.WhenFull;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings the bytes of one pipe to its log. All of it happens on one lane.
 *
 * <p>A disk that is slow makes the lane wait, and so the pipe fill and the app wait, unless it is a {@link RelievedPipe}.
 * A disk that refuses is tried again
 * and again. Meanwhile {@link WhenFull#DROP} counts and drops what comes; {@link WhenFull#BLOCK} leaves it in the pipe
 * until that is half full, and only then drops what it holds: an app is never stopped by a full disk.
 */
final class StreamPump {
    /** Bytes moved before other streams have their turn. */
    static final int TURN_BYTES = 4 << 20;

    /** What a pipe grows to when it is found over half full. */
    static final int GROWN_PIPE_BYTES = 1 << 20;

    /** A program that writes single lines without a pause is read a little later, and so many lines at once. */
    static final int GATHER_BELOW_BYTES = 32 * 1024;

    private static final long GATHER_WITHIN_NANOS = 40_000;
    private static final long GATHER_NANOS = 50_000;

    static final Duration FIRST_RETRY = Duration.ofMillis(50);
    static final Duration LAST_RETRY = Duration.ofSeconds(1);

    private static final int USUAL_PIPE_BYTES = 64 * 1024;
    private static final int NO_SPACE = 28;
    private static final String DISK_FULL = "disk full";
    static final String DISK_SLOW = "disk too slow";

    private final OutputPipe pipe;
    private final PipeWriter writer;
    private final WhenFull whenFull;
    private final Lane lane;
    private final Workshop shop;
    private final Path log;
    private final Runnable ended;
    private final Overflow overflow;
    private final List<Runnable> drains = new ArrayList<>();

    private long owed;
    private long lastMoved;
    private int capacity = USUAL_PIPE_BYTES;
    private boolean grown;
    private boolean armed;
    private boolean retryPlanned;
    private boolean closed;
    private Duration retry = FIRST_RETRY;
    private @Nullable String trouble;

    /**
     * @param note where drops are noted until they are announced
     * @param log named in reports
     * @param ended called on the lane once the pipe has come to its end
     */
    StreamPump(
            OutputPipe pipe,
            PipeWriter writer,
            WhenFull whenFull,
            DropJournal.Note note,
            Lane lane,
            Workshop shop,
            Path log,
            Runnable ended) {
        this.pipe = pipe;
        this.writer = writer;
        this.whenFull = whenFull;
        this.lane = lane;
        this.shop = shop;
        this.log = log;
        this.ended = ended;
        this.overflow = new Overflow(pipe, writer, shop.volume(), note);
    }

    /** Begins; on the lane. */
    void start() {
        overflow.begin();
        pump();
    }

    /** Calls back, on the lane, when all that the pipe holds now is written or cannot be. */
    void drain(Runnable done) {
        if (closed) {
            done.run();
            return;
        }
        try {
            owed = pipe.available();
        } catch (NativeException e) {
            fail(e);
            done.run();
            return;
        }
        drains.add(done);
        pump();
    }

    /** Stops without reading on; on the lane. */
    void close() {
        if (!closed) {
            closed = true;
            pipe.close();
            overflow.end();
            drained();
        }
    }

    private void readable() {
        armed = false;
        pump();
    }

    private void pump() {
        if (closed) {
            return;
        }
        try {
            boolean _ = relieved();
            if (!overflow.catchUp()) {
                arm();
                drained();
                return;
            }
            for (int moved = 0; moved < TURN_BYTES; ) {
                int count = writer.take(pipe, overflow.limit(LogSink.MAX_CHUNK_BYTES));
                if (count == OutputPipe.END) {
                    end();
                    return;
                }
                if (count == OutputPipe.EMPTY) {
                    arm();
                    settleDrained();
                    return;
                }
                moved += count;
                moved(count);
                if (relieved() || overflow.isDue()) {
                    break;
                }
                gather(count);
            }
            lane.execute(this::pump);
        } catch (NativeException e) {
            stall(e);
        } catch (RuntimeException e) {
            NativeException bug = new NativeException("write", 0, "a failure inside bunctl: " + e);
            bug.initCause(e);
            stall(bug); // an app must not hang on its full pipe for it
        }
    }

    /** Whether something was dropped while the disk was slow, which is to be announced next. */
    private boolean relieved() {
        Drops dropped = pipe instanceof RelievedPipe relieved ? relieved.takeDropped() : null;
        if (dropped == null) {
            return false;
        }
        overflow.adopt(dropped, DISK_SLOW);
        return true;
    }

    private void gather(int count) {
        long now = System.nanoTime();
        if (count < GATHER_BELOW_BYTES && now - lastMoved < GATHER_WITHIN_NANOS) {
            LockSupport.parkNanos(GATHER_NANOS);
            now = System.nanoTime();
        }
        lastMoved = now;
    }

    private void moved(int count) {
        if (trouble != null) {
            trouble = null;
            retry = FIRST_RETRY;
        }
        if (count > capacity / 2 && !grown) {
            grown = true;
            capacity = pipe.grow(GROWN_PIPE_BYTES);
        }
        if (!drains.isEmpty()) {
            owed -= count;
            if (owed <= 0) {
                drained();
            }
        }
    }

    private void stall(NativeException cause) {
        String reason = cause.errno() == NO_SPACE ? DISK_FULL : cause.detail();
        if (!reason.equals(trouble)) {
            trouble = reason;
            shop.troubles().report(log, "cannot be written: " + cause.getMessage());
        }
        try {
            if (whenFull == WhenFull.DROP || pipe.live().available() > capacity / 2) {
                overflow.drop(reason);
            }
        } catch (NativeException e) {
            e.addSuppressed(cause);
            fail(e);
            return;
        }
        if (whenFull == WhenFull.DROP && !overflow.endSeen()) {
            armLive();
        }
        drained();
        retryLater();
    }

    private void retryLater() {
        if (!retryPlanned) {
            retryPlanned = true;
            shop.delay().after(retry, () -> lane.execute(this::tryAgain));
            Duration next = retry.multipliedBy(2);
            retry = next.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : next;
        }
    }

    private void tryAgain() {
        retryPlanned = false;
        pump();
    }

    private void arm() {
        arm(pipe);
    }

    /** Woken by what the program writes, not by what is kept and cannot be written now. */
    private void armLive() {
        arm(pipe.live());
    }

    private void arm(OutputPipe of) {
        if (!armed) {
            armed = true;
            of.onReadable(lane, this::readable);
        }
    }

    /** The last lines are written before the pipe is given back; when the disk refuses them, the retry comes here. */
    private void end() throws NativeException {
        writer.settle();
        writer.flush();
        finish();
    }

    private void fail(NativeException cause) {
        shop.troubles().report(log, "its pipe cannot be read: " + cause.getMessage());
        finish();
    }

    private void finish() {
        close();
        ended.run();
    }

    private void settleDrained() throws NativeException {
        if (!drains.isEmpty()) {
            writer.settle();
            writer.flush();
            drained();
        }
    }

    private void drained() {
        List<Runnable> done = List.copyOf(drains);
        drains.clear();
        done.forEach(Runnable::run);
    }
}
