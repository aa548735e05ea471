package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;

/** Output that nobody wants is read all the same, so that the app never waits. */
final class NowhereWriter implements PipeWriter {
    @Override
    public int take(OutputPipe pipe, int limit) throws NativeException {
        return Scratch.ofThread().read(pipe, limit);
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {}

    @Override
    public void flush() {}

    @Override
    public void announce(String text) {}

    @Override
    public void drop(Drops drops) {}

    @Override
    public void settle() {}

    @Override
    public void sync() {}
}
