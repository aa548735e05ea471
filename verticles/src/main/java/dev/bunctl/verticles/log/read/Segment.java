package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.files.LogFolder;
import dev.bunctl.verticles.log.files.RotatedFile;
import dev.bunctl.verticles.log.files.RotatedName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** One file of a log, open: the one that is written to, or one put aside, compressed or not. Blocking. */
final class Segment implements AutoCloseable {
    /** The sequence of the file that is written to. */
    static final long LIVE = Long.MAX_VALUE;

    private static final int GZIP_BUFFER_BYTES = 16 * 1024;

    private final long sequence;
    private final FileChannel channel;
    private final Path plain;
    private final Instant writtenAt;
    private final boolean compressed;
    private @Nullable InputStream stream;
    private long streamAt;

    private Segment(long sequence, FileChannel channel, Path plain, Instant writtenAt, boolean compressed) {
        this.sequence = sequence;
        this.channel = channel;
        this.plain = plain;
        this.writtenAt = writtenAt;
        this.compressed = compressed;
    }

    static Segment live(Path log) throws IOException {
        FileChannel channel = FileChannel.open(log, StandardOpenOption.READ);
        return new Segment(LIVE, channel, log, Instant.ofEpochMilli(log.toFile().lastModified()), false);
    }

    /** Opens a file put aside; empty when it was deleted meanwhile. */
    static Optional<Segment> rotated(Path log, long sequence) throws IOException {
        for (RotatedFile file : LogFolder.list(log).files()) {
            if (file.sequence() == sequence) {
                return rotated(log, file);
            }
        }
        return Optional.empty();
    }

    private static Optional<Segment> rotated(Path log, RotatedFile file) throws IOException {
        Path plain = log.resolveSibling(file.name().plain());
        try {
            FileChannel channel = FileChannel.open(plain, StandardOpenOption.READ);
            return Optional.of(new Segment(file.sequence(), channel, plain, file.at(), false));
        } catch (NoSuchFileException e) {
            return compressed(plain, file);
        }
    }

    private static Optional<Segment> compressed(Path plain, RotatedFile file) throws IOException {
        try {
            Path path = plain.resolveSibling(plain.getFileName() + RotatedName.COMPRESSED);
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return Optional.of(new Segment(file.sequence(), channel, plain, file.at(), true));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    long sequence() {
        return sequence;
    }

    /** Whether it can be read from the start only. */
    boolean compressed() {
        return compressed;
    }

    /** Size in bytes; of one that is compressed, an upper bound nobody needs. */
    long size() throws IOException {
        return compressed ? Long.MAX_VALUE : channel.size();
    }

    ArrivalTimes arrivals() throws IOException {
        return ArrivalTimes.open(LogFolder.indexOf(plain), writtenAt);
    }

    /** Reads at an offset; says how many bytes it got, 0 at the end. One that is compressed must be read in order. */
    int read(long offset, byte[] into, int length) throws IOException {
        if (!compressed) {
            return Positional.read(channel, offset, into, 0, length);
        }
        InputStream in = stream;
        if (in == null || offset < streamAt) {
            channel.position(0);
            in = new GZIPInputStream(Channels.newInputStream(channel), GZIP_BUFFER_BYTES);
            stream = in;
            streamAt = 0;
        }
        in.skipNBytes(offset - streamAt);
        int read = readFully(in, into, length);
        streamAt = offset + read;
        return read;
    }

    private static int readFully(InputStream in, byte[] into, int length) throws IOException {
        int total = 0;
        while (total < length) {
            int read = in.read(into, total, length - total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
