package dev.bunctl.os.api;

/** A file that output is moved into. Used by one thread at a time. */
public interface LogFile extends AutoCloseable {
    /** Present size in bytes, asked of the file system. */
    long size() throws NativeException;

    /** Writes all of the bytes at the offset. */
    void write(byte[] bytes, int from, int length, long offset) throws NativeException;

    /** Gives up all behind this size. */
    void truncate(long size) throws NativeException;

    /** Makes what was written survive a loss of power. */
    void sync() throws NativeException;

    @Override
    void close();
}
