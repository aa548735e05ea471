package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.log.frame.LineFormat;
import java.util.List;

/**
 * Bytes go from the pipe to the log inside one system call: the death of the daemon neither loses nor doubles any. Of an
 * app that must not wait for the disk they are read first, for a pipe that is being written from cannot be relieved.
 */
final class RawWriter implements PipeWriter {
    private final LogSink sink;
    private final Pending pending;
    private final boolean readsFirst;

    RawWriter(LogSink sink, boolean readsFirst) {
        this.sink = sink;
        this.readsFirst = readsFirst;
        this.pending = new Pending(List.of(sink));
    }

    @Override
    public int take(OutputPipe pipe, int limit) throws NativeException {
        if (!readsFirst || pipe.kept() > 0) {
            return sink.transfer(pipe, limit);
        }
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
        pending.out().append(bytes, from, to);
    }

    @Override
    public void flush() throws NativeException {
        pending.flush();
    }

    @Override
    public void announce(String text) throws NativeException {
        Pending announcement = pending.announcement();
        LineFormat.plain().announcement(text, announcement.out());
        announcement.flush();
    }

    @Override
    public void drop(Drops drops) {
        pending.drop(drops);
    }

    @Override
    public void settle() {}

    @Override
    public void sync() throws NativeException {
        sink.sync();
    }
}
