package dev.bunctl.verticles.log.frame;

import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines, whatever the pieces in which it comes. Bytes stay as they are: carriage returns,
 * escape sequences and NULs are part of the line. A line longer than the limit is given in parts, none of which ends
 * within a UTF-8 character.
 */
public final class Framer {
    /** Least limit; must hold any character. */
    public static final int MIN_LINE_BYTES = 16;

    private static final int FIRST_CAPACITY = 256;

    private final int max;
    private byte[] carry = new byte[FIRST_CAPACITY];
    private int carried;

    /** @param max longest line in bytes, without its line feed */
    public Framer(int max) {
        if (max < MIN_LINE_BYTES) {
            throw new IllegalArgumentException("a line of at least " + MIN_LINE_BYTES + " bytes must be allowed");
        }
        this.max = max;
    }

    /** Takes lines. The bytes are only lent and change after the call. */
    @FunctionalInterface
    public interface Lines {
        void line(byte[] bytes, int from, int to, Ending ending);
    }

    /** Why a line ends where it does. */
    public enum Ending {
        /** A line feed, which is not part of the line. */
        LINE_FEED,
        /** The limit; the same line goes on in the next call. */
        LIMIT,
        /** The end of the stream. */
        END
    }

    /** Bytes of a line that has not ended yet. */
    public int pending() {
        return carried;
    }

    /** Takes in what came; lines that are complete go to {@code lines}. */
    public void feed(byte[] bytes, int from, int to, Lines lines) {
        int at = carried > 0 ? completeCarried(bytes, from, to, lines) : from;
        for (int end = Bytes.indexOfLineFeed(bytes, at, to); end >= 0; end = Bytes.indexOfLineFeed(bytes, at, to)) {
            int start = giveParts(bytes, at, end, lines);
            lines.line(bytes, start, end, Ending.LINE_FEED);
            at = end + 1;
        }
        at = giveParts(bytes, at, to, lines);
        append(bytes, at, to);
    }

    /** The stream has ended: gives the last line if it had no line feed. */
    public void finish(Lines lines) {
        if (carried > 0) {
            int length = carried;
            carried = 0;
            lines.line(carry, 0, length, Ending.END);
        }
    }

    private int completeCarried(byte[] bytes, int from, int to, Lines lines) {
        int lineFeed = Bytes.indexOfLineFeed(bytes, from, to);
        int end = lineFeed < 0 ? to : lineFeed;
        int at = from;
        while (at < end) {
            int taken = Math.min(end - at, max + 1 - carried);
            append(bytes, at, at + taken);
            at += taken;
            if (carried > max) {
                giveCarriedPart(lines);
            }
        }
        if (lineFeed < 0) {
            return to;
        }
        int length = carried;
        carried = 0;
        lines.line(carry, 0, length, Ending.LINE_FEED);
        return lineFeed + 1;
    }

    private void giveCarriedPart(Lines lines) {
        int cut = Bytes.cut(carry, 0, max);
        lines.line(carry, 0, cut, Ending.LIMIT);
        System.arraycopy(carry, cut, carry, 0, carried - cut);
        carried -= cut;
    }

    private int giveParts(byte[] bytes, int from, int to, Lines lines) {
        int at = from;
        while (to - at > max) {
            int cut = Bytes.cut(bytes, at, max);
            lines.line(bytes, at, cut, Ending.LIMIT);
            at = cut;
        }
        return at;
    }

    private void append(byte[] bytes, int from, int to) {
        int needed = carried + to - from;
        if (needed > carry.length) {
            carry = Arrays.copyOf(carry, Math.min(max + 1, Math.max(needed, carry.length * 2)));
        }
        System.arraycopy(bytes, from, carry, carried, to - from);
        carried = needed;
    }
}
