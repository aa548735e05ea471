package dev.bunctl.os.linux;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import java.nio.file.Path;

/** A file by its descriptor. Not opened with O_APPEND, which splice(2) refuses; offsets are the caller's. */
public final class LinuxLogFile implements LogFile {
    /** Bytes copied out of the heap at a time, by each writing thread. */
    private static final int CHUNK = 65_536;

    private static final ThreadLocal<NativeBuffer> SCRATCH = ThreadLocal.withInitial(() -> NativeBuffer.ofSize(CHUNK));
    private static final int MODE = 0600;

    private final Path path;
    private int fd;

    private LinuxLogFile(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /** Opens the file for writing, made with mode 0600 when it is not there. Its folder must exist. */
    public static LinuxLogFile open(Path path) throws NativeException {
        int flags = LibC.O_WRONLY | LibC.O_CREAT | LibC.O_CLOEXEC;
        return new LinuxLogFile(
                path, (int) LibC.check(LibC.open(NativeBuffer.cString(path), flags, MODE), "open", path));
    }

    /** The descriptor, for a system call that moves bytes here. */
    int descriptor() throws NativeException {
        if (fd < 0) {
            throw new NativeException("write", Errno.EBADF, path + " is closed");
        }
        return fd;
    }

    Path path() {
        return path;
    }

    @Override
    public long size() throws NativeException {
        return LibC.check(LibC.lseek(descriptor(), 0, LibC.SEEK_END), "lseek", path);
    }

    @Override
    public void write(byte[] bytes, int from, int length, long offset) throws NativeException {
        NativeBuffer scratch = SCRATCH.get();
        for (int done = 0; done < length; ) {
            int part = Math.min(CHUNK, length - done);
            scratch.bytes().put(0, bytes, from + done, part);
            writeFully(scratch.address(), part, offset + done);
            done += part;
        }
    }

    /** Writes native memory, as often as it takes: a disk takes part of a write when it is nearly full. */
    void writeFully(long address, int length, long offset) throws NativeException {
        for (int done = 0; done < length; ) {
            long count = LibC.pwrite(descriptor(), address + done, length - done, offset + done);
            if (count >= 0) {
                done += (int) count;
            } else if (LibC.errno() != Errno.EINTR) {
                throw Errno.exception("pwrite", LibC.errno(), path.toString());
            }
        }
    }

    @Override
    public void truncate(long size) throws NativeException {
        LibC.check(LibC.ftruncate(descriptor(), size), "ftruncate", path);
    }

    @Override
    public void sync() throws NativeException {
        LibC.check(LibC.fdatasync(descriptor()), "fdatasync", path);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            var _ = LibC.close(fd); // Linux gives the descriptor back even when it reports an error
            fd = -1;
        }
    }
}
