package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.verticles.log.LogVolume;
import dev.bunctl.verticles.log.frame.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;

/** What becomes of output that no disk takes: it is dropped in whole lines, counted, noted, and announced in the log. */
final class Overflow {
    private static final String UNHELD = "the app ended while guard and daemon were dead";

    private final OutputPipe pipe;
    private final PipeWriter writer;
    private final LogVolume volume;
    private final DropJournal.Note note;

    /** Dropped before all that is still to be read. */
    private final Drops drops = new Drops();

    /** Dropped behind what the guard keeps of the pipe on its disk, which is still to be read; in order. */
    private final Deque<Behind> behind = new ArrayDeque<>();

    private String reason = "";
    private boolean endSeen;

    /** @param kept how much of what is kept comes behind these drops: a later guard has added to it */
    private record Behind(long kept, Drops drops) {}

    Overflow(OutputPipe pipe, PipeWriter writer, LogVolume volume, DropJournal.Note note) {
        this.volume = volume;
        this.pipe = pipe;
        this.writer = writer;
        this.note = note;
    }

    /** Begins with what a former daemon dropped and could not announce any more, and what was lost without one. */
    void begin() {
        DropRecord found = note.takeUp();
        if (!found.isEmpty()) {
            reason = found.reason();
            (found.keptBefore() > 0 ? behind(pipe.keptSize() - found.keptBefore()) : drops).count(found);
        }
        if (pipe.unheld()) {
            reason = UNHELD;
            behind(0).doubt();
        }
    }

    /** What is dropped in front of so much of what is kept. */
    private Drops behind(long kept) {
        if (kept < 0 || pipe.kept() == 0) {
            return drops;
        }
        Behind last = behind.peekLast();
        if (last == null || last.kept() > kept) {
            last = new Behind(kept, new Drops());
            behind.add(last);
        }
        return last.drops();
    }

    /** Nothing is dropped here any more; what was not announced is left to who writes to that log next. */
    void end() {
        note.release();
    }

    /**
     * Drops what the writer and the pipe hold now. What the guard kept on its disk meanwhile is not dropped: it takes
     * nothing from the program, and its space is not the log's to give.
     *
     * @param why the disk does not take it
     */
    void drop(String why) throws NativeException {
        reason = why;
        note.dropping(why, pipe.keptSize());
        Drops now = new Drops();
        try {
            if (pipe.kept() == 0) {
                writer.drop(now);
            }
            discard(now);
            behind(0).count(now);
        } finally {
            note.dropped(now);
        }
    }

    private void discard(Drops now) throws NativeException {
        OutputPipe live = pipe.live();
        Scratch scratch = Scratch.ofThread();
        int left = live.available();
        do {
            int count = scratch.read(live, Scratch.BYTES);
            if (count <= 0) {
                endSeen |= count == OutputPipe.END;
                return;
            }
            now.count(scratch.bytes(), 0, count);
            left -= count;
        } while (left > 0);
    }

    /** Takes over what was dropped elsewhere, behind what the writer had; all that was accepted before is written. */
    void adopt(Drops elsewhere, String why) {
        reason = why;
        takeFromWriter();
        drops.count(elsewhere);
        note.moved(position());
    }

    /** Whether what was kept has been read as far as something was dropped behind it, which is to be announced. */
    boolean isDue() {
        Behind first = behind.peek();
        return first != null && pipe.kept() <= first.kept();
    }

    /** Most bytes that may be read at once, so that drops are announced where they were. */
    int limit(int most) {
        Behind first = behind.peek();
        return first == null ? most : Math.clamp(pipe.kept() - first.kept(), 1, most);
    }

    private void takeDue() {
        takeFromWriter();
        drops.count(behind.remove().drops());
        note.moved(position());
    }

    /** How much is kept in front of what was dropped first and is not announced. */
    private long position() {
        Behind first = behind.peek();
        return drops.any() || first == null ? 0 : pipe.keptSize() - first.kept();
    }

    /** The start of a line whose rest was dropped. */
    private void takeFromWriter() {
        Drops begun = new Drops();
        writer.drop(begun);
        note.dropped(begun);
        drops.count(begun);
    }

    /** Whether nothing will come any more, so that a writer that waits must be tried again without being woken. */
    boolean endSeen() {
        return endSeen;
    }

    /**
     * Announces what was dropped, once the line whose start is missing has come to its end, and writes on.
     *
     * @return false when the rest of that line has not come yet
     */
    boolean catchUp() throws NativeException {
        writer.flush();
        while (isDue()) {
            takeDue();
        }
        if (!drops.any()) {
            return true;
        }
        Scratch scratch = Scratch.ofThread();
        int count = 0;
        int at = 0;
        while (drops.withinLine() && !endSeen) {
            count = scratch.read(pipe, limit(Scratch.BYTES));
            if (count <= 0) {
                endSeen |= count == OutputPipe.END;
                return endSeen && announce(scratch, 0, 0);
            }
            int lineFeed = Bytes.indexOfLineFeed(scratch.bytes(), 0, count);
            at = lineFeed < 0 ? count : lineFeed + 1;
            drop(scratch, 0, at);
        }
        return announce(scratch, at, Math.max(count, at));
    }

    private void drop(Scratch scratch, int from, int to) {
        Drops now = new Drops();
        now.count(scratch.bytes(), from, to);
        note.dropped(now);
        drops.count(now);
    }

    private boolean announce(Scratch scratch, int from, int to) throws NativeException {
        drops.endLine();
        try {
            writer.announce(drops.announcement(reason));
            volume.dropped(drops.bytes());
        } catch (NativeException e) {
            drop(scratch, from, to);
            throw e;
        }
        Drops announced = drops.copy();
        drops.clear();
        note.announced(announced, position());
        if (to > from) {
            writer.accept(scratch.bytes(), from, to);
            writer.flush();
        }
        return true;
    }
}
