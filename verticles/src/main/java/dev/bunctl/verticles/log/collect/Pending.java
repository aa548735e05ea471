package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.verticles.log.frame.GrowingBytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes on their way into some logs. They are held only while a disk refuses them. */
final class Pending {
    private final List<Sink> sinks;
    private final int[] written;
    private @Nullable GrowingBytes bytes;

    Pending(List<? extends Sink> sinks) {
        this.sinks = List.copyOf(sinks);
        this.written = new int[sinks.size()];
    }

    List<Sink> sinks() {
        return sinks;
    }

    /** For a line of our own in the same logs, behind what was dropped there. */
    Pending announcement() throws NativeException {
        for (Sink sink : sinks) {
            sink.endTornLine();
        }
        return new Pending(sinks);
    }

    /** What is appended here is written by the next {@link #flush}. */
    GrowingBytes out() {
        GrowingBytes out = bytes;
        if (out == null) {
            out = Scratch.ofThread().borrow();
            bytes = out;
        }
        return out;
    }

    void flush() throws NativeException {
        GrowingBytes out = bytes;
        if (out == null) {
            return;
        }
        for (int i = 0; i < written.length; i++) {
            while (written[i] < out.length()) {
                written[i] += sinks.get(i).write(out.array(), written[i], out.length() - written[i]);
            }
        }
        forget(out);
    }

    /** Gives up what is not written. A log beside the one that refused it may have had it: none gets it twice. */
    void drop(Drops drops) {
        GrowingBytes out = bytes;
        if (out != null) {
            drops.count(out.array(), Arrays.stream(written).min().orElse(0), out.length());
            forget(out);
        }
    }

    private void forget(GrowingBytes out) {
        bytes = null;
        Arrays.fill(written, 0);
        Scratch.ofThread().giveBack(out);
    }
}
