package dev.bunctl.os.linux;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The reading end of a FIFO, or of {@code /dev/null} where a process has none. Opened O_NONBLOCK; armed in the loop for
 * one event at a time.
 */
final class FifoPipe implements OutputPipe {
    private static final System.Logger LOG = System.getLogger(FifoPipe.class.getName());
    private static final int COPY_CHUNK = 65_536;
    private static final long NOT_WATCHED = -1;

    /**
     * After so many reads without a pause the pipe is not watched until it is asked for again: the kernel looks for a
     * watcher at each write, which takes a program that writes line by line a tenth to a quarter of its speed.
     */
    static final int BUSY_AFTER = 8;

    /** The kernel gives a pipe at least a page, and only powers of two of them. */
    private static final int MINIMUM = 4096;

    private final NativeLoop loop;
    private final PipeBudget budget;
    private final Runnable onClose;
    private final boolean unheld;
    private final NativeBuffer count = NativeBuffer.ofSize(Long.BYTES);
    private int fd;
    private int capacity;
    private long token = NOT_WATCHED;
    private int takenInARow;
    private @Nullable Runnable waiting;
    private @Nullable ByteBuffer lastBuffer;

    /** Bytes taken from the pipe that a file did not take, where they could not be moved in one step. */
    private @Nullable ByteBuffer unwritten;

    private long lastAddress;

    /**
     * Takes over a descriptor.
     *
     * @param unheld whether nobody had it open for a while
     * @param onClose called once, when this pipe is closed
     */
    FifoPipe(int fd, boolean unheld, NativeLoop loop, PipeBudget budget, Runnable onClose) {
        this.fd = fd;
        this.unheld = unheld;
        this.loop = loop;
        this.budget = budget;
        this.onClose = onClose;
        capacity = Math.max(0, LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0)); // -1: no pipe but /dev/null
        budget.occupy(capacity);
    }

    @Override
    public synchronized void onReadable(Executor executor, Runnable callback) {
        if (fd < 0) {
            return;
        }
        if (unwritten != null) {
            executor.execute(callback);
            return;
        }
        waiting = () -> executor.execute(callback);
        takenInARow = 0;
        try {
            if (token == NOT_WATCHED) {
                token = loop.add(fd, LibC.EPOLLIN | LibC.EPOLLONESHOT, _ -> wake());
            } else {
                loop.modify(fd, LibC.EPOLLIN | LibC.EPOLLONESHOT, token);
            }
        } catch (NativeException e) {
            if (e.errno() != Errno.EPERM) {
                LOG.log(System.Logger.Level.WARNING, "an output pipe cannot be watched", e);
            }
            wake(); // EPERM: /dev/null is never waited for, it is at its end
        }
    }

    private void wake() {
        Runnable callback;
        synchronized (this) {
            callback = waiting;
            waiting = null;
        }
        if (callback != null) {
            callback.run();
        }
    }

    @Override
    public synchronized int read(ByteBuffer buffer) throws NativeException {
        if (!buffer.hasRemaining()) {
            throw new IllegalArgumentException("a buffer with space left expected");
        }
        if (unwritten != null) {
            return readUnwritten(unwritten, buffer);
        }
        long result = LibC.read(descriptor("read"), addressOf(buffer) + buffer.position(), buffer.remaining());
        int moved = outcome(result, "read");
        if (moved > 0) {
            buffer.position(buffer.position() + moved);
        }
        return taken(moved);
    }

    private int taken(int moved) {
        if (moved > 0 && token != NOT_WATCHED && ++takenInARow >= BUSY_AFTER) {
            stopWatching();
        }
        return moved;
    }

    synchronized boolean watched() {
        return token != NOT_WATCHED;
    }

    private int readUnwritten(ByteBuffer source, ByteBuffer target) {
        int count = Math.min(source.remaining(), target.remaining());
        target.put(source.slice(source.position(), count));
        source.position(source.position() + count);
        unwritten = source.hasRemaining() ? source : null;
        return count;
    }

    @SuppressWarnings("ReferenceEquality") // the same buffer, not one with the same bytes
    private long addressOf(ByteBuffer buffer) {
        if (buffer != lastBuffer) {
            lastAddress = NativeBuffer.addressOf(buffer);
            lastBuffer = buffer;
        }
        return lastAddress;
    }

    @Override
    public synchronized int transferTo(LogFile file, long offset, int limit) throws NativeException {
        if (!(file instanceof LinuxLogFile target)) {
            throw new IllegalArgumentException("a file opened by this platform expected");
        }
        if (limit <= 0) {
            throw new IllegalArgumentException("a limit from 1 expected, not " + limit);
        }
        if (unwritten != null) {
            return writeUnwritten(unwritten, target, offset, limit);
        }
        count.bytes().putLong(0, offset);
        long result = LibC.splice(
                descriptor("splice"),
                0,
                target.descriptor(),
                count.address(),
                limit,
                LibC.SPLICE_F_MOVE | LibC.SPLICE_F_NONBLOCK);
        if (result < 0 && LibC.errno() == Errno.EINVAL) {
            return copyTo(target, offset, limit); // no pipe, or a file that splice(2) does not know, such as a terminal
        }
        return taken(outcome(result, "splice"));
    }

    private int copyTo(LinuxLogFile target, long offset, int limit) throws NativeException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(limit, COPY_CHUNK));
        int moved = outcome(LibC.read(descriptor("read"), addressOf(buffer), buffer.capacity()), "read");
        if (moved <= 0) {
            return moved;
        }
        unwritten = buffer.limit(moved);
        return writeUnwritten(buffer, target, offset, limit);
    }

    private int writeUnwritten(ByteBuffer source, LinuxLogFile target, long offset, int limit) throws NativeException {
        int length = Math.min(source.remaining(), limit);
        target.writeFully(addressOf(source) + source.position(), length, offset);
        source.position(source.position() + length); // only what is written counts as moved
        unwritten = source.hasRemaining() ? source : null;
        return length;
    }

    /** Zero is the end: while a writer is left, an empty pipe says EAGAIN (pipe(7)). */
    private static int outcome(long result, String call) throws NativeException {
        if (result > 0) {
            return (int) result;
        }
        if (result == 0) {
            return END;
        }
        int errno = LibC.errno();
        if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
            return EMPTY;
        }
        throw Errno.exception(call, errno, "output pipe");
    }

    @Override
    public boolean unheld() {
        return unheld;
    }

    @Override
    public synchronized int available() throws NativeException {
        int kept = unwritten == null ? 0 : unwritten.remaining();
        if (capacity == 0) {
            return kept;
        }
        LibC.check(LibC.ioctl(descriptor("ioctl"), LibC.FIONREAD, count.address()), "ioctl", "output pipe");
        return kept + count.bytes().getInt(0);
    }

    @Override
    public synchronized int grow(int bytes) {
        int wanted = Math.max(MINIMUM, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
        if (fd < 0 || capacity == 0 || wanted <= capacity || !budget.reserve(wanted - capacity)) {
            return capacity;
        }
        int granted = LibC.fcntl(fd, LibC.F_SETPIPE_SZ, wanted);
        if (granted < 0) {
            budget.release(wanted - capacity); // EPERM or EBUSY: the host refuses, the pipe stays as it is
            return capacity;
        }
        budget.occupy((long) granted - wanted);
        capacity = granted;
        return capacity;
    }

    private int descriptor(String call) throws NativeException {
        if (fd < 0) {
            throw new NativeException(call, Errno.EBADF, "the output pipe is closed");
        }
        return fd;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (fd < 0) {
                return;
            }
            waiting = null;
            lastBuffer = null;
            stopWatching();
            budget.release(capacity);
            var _ = LibC.close(fd);
            fd = -1;
        }
        onClose.run();
    }

    private void stopWatching() {
        if (token == NOT_WATCHED) {
            return;
        }
        try {
            loop.remove(fd, token);
        } catch (NativeException e) {
            // The loop is closed: closing the descriptor, which follows, ends the watch as well.
            LOG.log(System.Logger.Level.DEBUG, "an output pipe was closed after the loop", e);
        }
        token = NOT_WATCHED;
    }
}
