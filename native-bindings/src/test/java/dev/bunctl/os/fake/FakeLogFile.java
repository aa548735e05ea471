package dev.bunctl.os.fake;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/** A real file written through java.nio, with failures on demand. */
public final class FakeLogFile implements LogFile {
    /** The number Linux gives a full disk. */
    public static final int NO_SPACE = 28;

    private final FileChannel channel;
    private final Deque<NativeException> failures = new ArrayDeque<>();

    private FakeLogFile(FileChannel channel) {
        this.channel = channel;
    }

    public static FakeLogFile open(Path path) throws NativeException {
        try {
            return new FakeLogFile(FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        } catch (IOException e) {
            throw failed("open", e);
        }
    }

    /** The next write or transfer fails with this. */
    public void failNext(NativeException failure) {
        failures.add(failure);
    }

    @Override
    public long size() throws NativeException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw failed("fstat", e);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length, long offset) throws NativeException {
        throwPlanned();
        ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
        try {
            for (long at = offset; left.hasRemaining(); ) {
                at += channel.write(left, at);
            }
        } catch (IOException e) {
            throw failed("pwrite", e);
        }
    }

    void throwPlanned() throws NativeException {
        NativeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void truncate(long size) throws NativeException {
        try {
            var _ = channel.truncate(size);
        } catch (IOException e) {
            throw failed("ftruncate", e);
        }
    }

    @Override
    public void sync() throws NativeException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw failed("fdatasync", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NativeException failed(String call, IOException cause) {
        NativeException exception = new NativeException(call, 0, String.valueOf(cause));
        exception.initCause(cause);
        return exception;
    }
}
