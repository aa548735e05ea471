package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.log.frame.Framer;
import dev.bunctl.verticles.log.frame.GrowingBytes;
import dev.bunctl.verticles.log.frame.LineFormat;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes are cut into lines, and whole lines are written: for logs with a format, and for those that several streams
 * share. Each batch of {@link Scratch#BYTES} is written before the next is read, so the death of the daemon loses one
 * batch at most, and the start of a line that has not ended.
 */
final class LineWriter implements PipeWriter {
    private final Pending pending;
    private final LineFormat format;
    private final Framer framer;
    private final InstantSource clock;
    private final @Nullable ReadyLine ready;

    /** @param ready shown every line, if there is one to look for */
    LineWriter(
            List<? extends Sink> sinks,
            LineFormat format,
            int maxLineBytes,
            InstantSource clock,
            @Nullable ReadyLine ready) {
        this.ready = ready;
        this.pending = new Pending(sinks);
        this.format = format;
        this.framer = new Framer(maxLineBytes);
        this.clock = clock;
    }

    @Override
    public int take(OutputPipe pipe, int limit) throws NativeException {
        Scratch scratch = Scratch.ofThread();
        int read = scratch.read(pipe, limit);
        if (read > 0) {
            accept(scratch.bytes(), 0, read);
            flush();
        }
        return read;
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        format.arrivedAt(clock.instant());
        GrowingBytes out = pending.out();
        framer.feed(bytes, from, to, (line, start, end, ending) -> line(line, start, end, ending, out));
    }

    private void line(byte[] line, int start, int end, Framer.Ending ending, GrowingBytes out) {
        format.line(line, start, end, ending, out);
        if (ready != null) {
            ready.look(line, start, end);
        }
    }

    @Override
    public void flush() throws NativeException {
        pending.flush();
    }

    @Override
    public void announce(String text) throws NativeException {
        Pending announcement = pending.announcement();
        format.arrivedAt(clock.instant());
        format.announcement(text, announcement.out());
        announcement.flush();
    }

    @Override
    public void drop(Drops drops) {
        pending.drop(drops);
        framer.finish((bytes, from, to, ending) -> drops.count(bytes, from, to));
    }

    @Override
    public void settle() {
        format.arrivedAt(clock.instant());
        GrowingBytes out = pending.out();
        framer.finish((line, start, end, ending) -> line(line, start, end, ending, out));
    }

    @Override
    public void sync() throws NativeException {
        for (Sink sink : pending.sinks()) {
            sink.sync();
        }
    }
}
