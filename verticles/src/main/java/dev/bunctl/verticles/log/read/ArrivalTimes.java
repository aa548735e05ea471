package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.files.ArrivalIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads an {@link ArrivalIndex}: when did the byte at an offset arrive. Blocking. */
final class ArrivalTimes implements AutoCloseable {
    private static final int ENTRIES = 256;

    private final @Nullable FileChannel channel;
    private final long fallbackMillis;
    private final byte[] block = new byte[ENTRIES * ArrivalIndex.ENTRY_BYTES];
    private long blockAt;
    private int blockBytes;
    private long next;
    private long millis;
    private boolean any;

    private ArrivalTimes(@Nullable FileChannel channel, long fallbackMillis) {
        this.channel = channel;
        this.fallbackMillis = fallbackMillis;
    }

    /** @param fallback the time of all bytes when there is no index */
    static ArrivalTimes open(Path index, Instant fallback) throws IOException {
        try {
            return new ArrivalTimes(FileChannel.open(index, StandardOpenOption.READ), fallback.toEpochMilli());
        } catch (NoSuchFileException e) {
            return new ArrivalTimes(null, fallback.toEpochMilli());
        }
    }

    /** When the byte at this offset arrived. Offsets asked for one after the other must not go back. */
    long at(long offset) throws IOException {
        while (entryOffset(next) <= offset) {
            millis = entryMillis(next);
            any = true;
            next++;
        }
        return any ? millis : fallbackMillis;
    }

    /**
     * Where the first bytes are that arrived then or later.
     *
     * @param size of the log; the answer when there are none
     */
    long firstOffset(Instant since, long size) throws IOException {
        long wanted = since.toEpochMilli();
        if (entryOffset(0) == Long.MAX_VALUE) {
            return fallbackMillis >= wanted ? 0 : size;
        }
        long low = 0;
        long high = count();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (entryMillis(middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : Math.min(size, entryOffset(low));
    }

    private long count() throws IOException {
        return channel == null ? 0 : channel.size() / ArrivalIndex.ENTRY_BYTES;
    }

    private long entryOffset(long entry) throws IOException {
        return load(entry) ? value(entry, 0) : Long.MAX_VALUE;
    }

    private long entryMillis(long entry) throws IOException {
        return load(entry) ? value(entry, Long.BYTES) : fallbackMillis;
    }

    private long value(long entry, int at) {
        return ByteBuffer.wrap(block).getLong((int) (entry - blockAt) * ArrivalIndex.ENTRY_BYTES + at);
    }

    private boolean load(long entry) throws IOException {
        if (channel == null) {
            return false;
        }
        long last = blockAt + blockBytes / ArrivalIndex.ENTRY_BYTES - 1;
        // The last entry of the index is set right when its bytes come, so it is not believed twice.
        if (entry < blockAt || entry > last || (entry == last && blockBytes < block.length)) {
            blockAt = entry;
            blockBytes = Positional.read(channel, entry * ArrivalIndex.ENTRY_BYTES, block, 0, block.length);
        }
        return blockBytes >= ArrivalIndex.ENTRY_BYTES;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
