package dev.bunctl.os.api;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/**
 * The reading end of one output stream of one generation. One consumer at a time; methods other than
 * {@link #onReadable} are called from the consumer's thread.
 */
public interface OutputPipe extends AutoCloseable {
    /** Returned when the pipe holds nothing now. */
    int EMPTY = 0;

    /** Returned when the pipe is empty and nobody can write to it any more. */
    int END = -1;

    /**
     * Calls back once, on the executor, when there is something to read or the end. Must be called again for the next
     * time: a consumer without credit does not ask, and so slows its own program only.
     */
    void onReadable(Executor executor, Runnable callback);

    /**
     * Reads what is there, without waiting.
     *
     * @param buffer a direct buffer with space left
     * @return bytes read, {@link #EMPTY} or {@link #END}
     */
    int read(ByteBuffer buffer) throws NativeException;

    /**
     * Moves bytes into a file without a copy through this process, so that the death of the daemon between reading and
     * writing cannot lose any. Blocks on the disk, never on the pipe.
     *
     * @param file a file opened by {@link LogFile}
     * @param offset where in the file
     * @param limit most bytes to move
     * @return bytes moved, {@link #EMPTY} or {@link #END}
     */
    int transferTo(LogFile file, long offset, int limit) throws NativeException;

    /** How many bytes wait to be read. */
    int available() throws NativeException;

    /**
     * How many of the bytes to be read next are kept on a disk for this reader, in front of what {@link #live} holds; 0 once
     * they are read. They hold up nobody.
     */
    default long kept() {
        return 0;
    }

    /** All that is {@link #kept}, what was read of it included; 0 once all is read. */
    default long keptSize() {
        return 0;
    }

    /** The pipe that the program writes to, without what is {@link #kept} in front of it. */
    default OutputPipe live() {
        return this;
    }

    /** Whether nobody had the pipe open for a while, so that what it held at that time is gone, if it held something. */
    default boolean unheld() {
        return false;
    }

    /** Asks for a larger pipe. Where the host refuses, nothing changes and the answer is the present size in bytes. */
    int grow(int bytes);

    @Override
    void close();
}
