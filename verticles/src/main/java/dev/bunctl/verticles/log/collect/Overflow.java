package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.log.LogVolume;
import dev.bunctl.verticles.log.frame.Bytes;

/** What becomes of output that no disk takes: it is dropped in whole lines, counted, and announced in the log. */
final class Overflow {
    private final OutputPipe pipe;
    private final PipeWriter writer;
    private final LogVolume volume;
    private final Drops drops = new Drops();
    private boolean endSeen;

    Overflow(OutputPipe pipe, PipeWriter writer, LogVolume volume) {
        this.volume = volume;
        this.pipe = pipe;
        this.writer = writer;
    }

    /** Drops what the writer and the pipe hold now. */
    void drop() throws NativeException {
        writer.drop(drops);
        Scratch scratch = Scratch.ofThread();
        int left = pipe.available();
        do {
            int count = scratch.read(pipe, Scratch.BYTES);
            if (count <= 0) {
                endSeen |= count == OutputPipe.END;
                return;
            }
            drops.count(scratch.bytes(), 0, count);
            left -= count;
        } while (left > 0);
    }

    /** Takes over what was dropped elsewhere, behind what the writer had; all that was accepted before is written. */
    void adopt(Drops elsewhere) {
        writer.drop(drops);
        drops.count(elsewhere);
    }

    /** Whether nothing will come any more, so that a writer that waits must be tried again without being woken. */
    boolean endSeen() {
        return endSeen;
    }

    /**
     * Announces what was dropped, once the line whose start is missing has come to its end, and writes on.
     *
     * @param reason why it was dropped
     * @return false when the rest of that line has not come yet
     */
    boolean catchUp(String reason) throws NativeException {
        writer.flush();
        if (!drops.any()) {
            return true;
        }
        Scratch scratch = Scratch.ofThread();
        int count = 0;
        int at = 0;
        while (drops.withinLine() && !endSeen) {
            count = scratch.read(pipe, Scratch.BYTES);
            if (count <= 0) {
                endSeen |= count == OutputPipe.END;
                return endSeen && announce(reason, scratch, 0, 0);
            }
            int lineFeed = Bytes.indexOfLineFeed(scratch.bytes(), 0, count);
            at = lineFeed < 0 ? count : lineFeed + 1;
            drops.count(scratch.bytes(), 0, at);
        }
        return announce(reason, scratch, at, Math.max(count, at));
    }

    private boolean announce(String reason, Scratch scratch, int from, int to) throws NativeException {
        drops.endLine();
        try {
            writer.announce(drops.announcement(reason));
            volume.dropped(drops.bytes());
        } catch (NativeException e) {
            drops.count(scratch.bytes(), from, to);
            throw e;
        }
        drops.clear();
        if (to > from) {
            writer.accept(scratch.bytes(), from, to);
            writer.flush();
        }
        return true;
    }
}
