package dev.bunctl.verticles.log.collect;

import dev.bunctl.verticles.log.frame.Bytes;

/** Counts what could not be kept, until it is announced. */
final class Drops {
    private long lines;
    private long bytes;
    private boolean withinLine;
    private boolean uncertain;

    void count(byte[] dropped, int from, int to) {
        if (to > from) {
            lines += Bytes.countLineFeeds(dropped, from, to);
            bytes += to - from;
            withinLine = dropped[to - 1] != '\n';
        }
    }

    /** Counts what was dropped behind all that was counted here. */
    void count(Drops later) {
        if (later.any()) {
            lines += later.lines;
            bytes += later.bytes;
            withinLine = later.withinLine;
            uncertain |= later.uncertain;
        }
    }

    /** Counts what a former daemon dropped. */
    void count(DropRecord earlier) {
        lines += earlier.lines();
        bytes += earlier.bytes();
        withinLine = earlier.withinLine();
        uncertain |= earlier.uncertain();
    }

    Drops copy() {
        Drops copy = new Drops();
        copy.count(this);
        return copy;
    }

    /** Something may have been dropped that nobody could count. */
    void doubt() {
        uncertain = true;
    }

    long lines() {
        return lines;
    }

    long bytes() {
        return bytes;
    }

    boolean any() {
        return bytes > 0 || uncertain;
    }

    /** Whether the rest of a line whose start was dropped is still to come. */
    boolean withinLine() {
        return withinLine;
    }

    /** The line whose start was dropped will get no end. */
    void endLine() {
        if (withinLine) {
            withinLine = false;
            lines++;
        }
    }

    /** {@code 1234 lines (56789 bytes) dropped: disk full}. */
    String announcement(String reason) {
        if (bytes == 0) {
            return "lines may have been dropped: " + reason;
        }
        return (uncertain ? "at least " : "")
                + lines
                + (lines == 1 ? " line (" : " lines (")
                + bytes
                + " bytes) dropped: "
                + reason;
    }

    void clear() {
        lines = 0;
        bytes = 0;
        withinLine = false;
        uncertain = false;
    }
}
