package dev.bunctl.verticles.log.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/**
 * When the bytes of a log arrived: entries of two big-endian longs, an offset and the milliseconds since the epoch at
 * which what stands from there on was written. Offsets and times never go back within a file. It is written without
 * care: without it, lines keep their place and only their time is guessed.
 *
 * <p>An entry is made before its bytes: a reader that saw them first would take them for as old as those before. The last
 * one may therefore stand at the end of the log, and is set right when bytes come there at last.
 */
public final class ArrivalIndex implements AutoCloseable {
    public static final int ENTRY_BYTES = 16;

    /** A new entry is made when the last is this old. */
    public static final long RESOLUTION_MILLIS = 10;

    /** A new entry is made after so many bytes, unless it were of the same millisecond. */
    public static final long RESOLUTION_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final ByteBuffer entry = ByteBuffer.allocateDirect(ENTRY_BYTES);
    private long end;
    private long lastOffset = -1;
    private long lastMillis = Long.MIN_VALUE;

    private ArrivalIndex(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens the index of a log to go on with it. One that cannot belong to a log of that size is begun anew.
     *
     * @param logBytes present size of the log
     */
    public static ArrivalIndex open(Path file, long logBytes) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        ArrivalIndex index = new ArrivalIndex(channel);
        try {
            index.recover(logBytes);
            return index;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void recover(long logBytes) throws IOException {
        long whole = channel.size() / ENTRY_BYTES * ENTRY_BYTES;
        if (whole > 0) {
            entry.clear();
            if (channel.read(entry, whole - ENTRY_BYTES) != ENTRY_BYTES) {
                throw new IOException("the index is read and written at once");
            }
            lastOffset = entry.getLong(0);
            lastMillis = entry.getLong(Long.BYTES);
        }
        if (lastOffset > logBytes || whole != channel.size()) {
            restart();
        } else {
            end = whole;
        }
    }

    /** Forgets everything: the log begins anew. */
    public void restart() throws IOException {
        channel.truncate(0);
        end = 0;
        lastOffset = -1;
        lastMillis = Long.MIN_VALUE;
    }

    /**
     * Notes that bytes are about to be written at an offset, if enough has happened since the last entry.
     *
     * @param apart whether they must not share the time of what stands before them
     */
    public void note(long offset, long millis, boolean apart) throws IOException {
        long time = Math.max(millis, lastMillis);
        boolean due = apart
                || lastOffset < 0
                || time - lastMillis >= RESOLUTION_MILLIS
                || (offset - lastOffset >= RESOLUTION_BYTES && time > lastMillis);
        if (!due || offset < lastOffset) {
            return;
        }
        if (offset == lastOffset) {
            end -= ENTRY_BYTES; // nothing came there yet
        }
        entry.clear();
        entry.putLong(offset).putLong(time).flip();
        while (entry.hasRemaining()) {
            end += channel.write(entry, end);
        }
        lastOffset = offset;
        lastMillis = time;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
