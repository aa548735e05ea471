package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.StandardStream;

/** A standard stream by its descriptor, which whoever shares it may have made non-blocking. */
final class LinuxStandardStream implements StandardStream {
    private static final int CHUNK = 65_536;
    /** struct pollfd: the descriptor, then what is waited for. */
    private static final int POLL_SIZE = 8;

    private static final int POLL_EVENTS_AT = 4;
    private static final int FOR_EVER = -1;

    private final int fd;
    private final NativeBuffer scratch = NativeBuffer.ofSize(CHUNK);
    private final NativeBuffer poll = NativeBuffer.ofSize(POLL_SIZE);

    LinuxStandardStream(int fd) {
        this.fd = fd;
    }

    @Override
    public synchronized int write(byte[] bytes, int from, int length) throws NativeException {
        int done = 0;
        while (done < length) {
            int part = Math.min(CHUNK, length - done);
            scratch.bytes().put(0, bytes, from + done, part);
            long count = LibC.write(fd, scratch.address(), part);
            if (count >= 0) {
                done += (int) count;
            } else if (LibC.errno() == Errno.EAGAIN) {
                awaitRoom();
            } else if (LibC.errno() != Errno.EINTR) {
                return refused(done);
            }
        }
        return done;
    }

    private int refused(int done) throws NativeException {
        int number = LibC.errno();
        if (done > 0) {
            return done;
        }
        throw Errno.exception("write", number, fd == 1 ? "stdout" : "stderr");
    }

    private void awaitRoom() {
        poll.bytes().putInt(0, fd).putShort(POLL_EVENTS_AT, (short) LibC.POLLOUT);
        var _ = LibC.poll(poll.address(), 1, FOR_EVER); // whatever it says, the next write finds out
    }
}
