package dev.bunctl.verticles.log.collect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What was dropped of one stream and not yet announced.
 *
 * @param log {@link #hash} of the path of the log
 * @param writer {@link #hash} of the process that wrote it
 * @param lines whole lines
 * @param bytes their bytes and those of a line that has not ended
 * @param withinLine whether the rest of a line whose start was dropped is still to come
 * @param uncertain whether more was dropped than was counted
 * @param reason why
 * @param keptBefore bytes of the writer's output that the guard keeps on its disk and that come before it
 */
record DropRecord(
        long log,
        long writer,
        long lines,
        long bytes,
        boolean withinLine,
        boolean uncertain,
        String reason,
        long keptBefore) {
    /** Bytes of a record on file; a page holds a whole number of them. */
    static final int BYTES = 128;

    static final DropRecord FREE = nothing(0, 0);

    private static final int HEAD = 48;
    private static final int MAX_REASON_BYTES = BYTES - HEAD;

    /** Of records without {@link #keptBefore}, as they were first. */
    private static final int FIRST_HEAD = 40;

    private static final byte FIRST_COUNTED = 1;
    private static final byte FIRST_COUNTING = 2;
    private static final byte COUNTED = 3;
    private static final byte COUNTING = 4;
    private static final int SUM_AT = 4;

    static DropRecord nothing(long log, long writer) {
        return new DropRecord(log, writer, 0, 0, false, false, "", 0);
    }

    /** FNV-1a with 64 bits. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (next & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    boolean isEmpty() {
        return bytes == 0 && !uncertain;
    }

    DropRecord because(String why) {
        return new DropRecord(log, writer, lines, bytes, withinLine, uncertain, why, keptBefore);
    }

    DropRecord inDoubt() {
        return new DropRecord(log, writer, lines, bytes, withinLine, true, reason, keptBefore);
    }

    DropRecord counted(Drops drops) {
        boolean within = drops.any() ? drops.withinLine() : withinLine;
        return new DropRecord(
                log, writer, lines + drops.lines(), bytes + drops.bytes(), within, uncertain, reason, keptBefore);
    }

    DropRecord minus(Drops announced) {
        long rest = Math.max(0, bytes - announced.bytes());
        return rest == 0
                ? nothing(log, writer)
                : new DropRecord(
                        log,
                        writer,
                        Math.max(0, lines - announced.lines()),
                        rest,
                        withinLine,
                        false,
                        reason,
                        keptBefore);
    }

    /** With what an earlier writer of the same log left; a line of another process has no rest to come. */
    DropRecord plus(DropRecord earlier) {
        boolean goesOn = earlier.withinLine && earlier.writer == writer;
        long ended = earlier.withinLine && !goesOn ? 1 : 0;
        return new DropRecord(
                log,
                writer,
                lines + earlier.lines + ended,
                bytes + earlier.bytes,
                goesOn,
                uncertain || earlier.uncertain,
                earlier.reason,
                isEmpty() && earlier.writer == writer ? earlier.keptBefore : 0);
    }

    DropRecord behind(long kept) {
        return new DropRecord(log, writer, lines, bytes, withinLine, uncertain, reason, kept);
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        if (isEmpty()) {
            return out;
        }
        byte[] why = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(why.length, MAX_REASON_BYTES);
        out.put(uncertain ? COUNTING : COUNTED).put((byte) (withinLine ? 1 : 0)).putShort((short) length);
        out.putInt(0).putLong(log).putLong(writer).putLong(lines).putLong(bytes).putLong(keptBefore);
        out.put(why, 0, length);
        out.putInt(SUM_AT, sum(out.array()));
        return out.clear();
    }

    /** What a record on file says; nothing when it was never written whole, as a loss of power may leave it. */
    static DropRecord decode(ByteBuffer in) {
        byte[] whole = new byte[BYTES];
        in.get(0, whole);
        int sum = in.getInt(SUM_AT);
        Arrays.fill(whole, SUM_AT, SUM_AT + Integer.BYTES, (byte) 0);
        byte kind = in.get(0);
        int length = in.getShort(2);
        boolean first = kind == FIRST_COUNTED || kind == FIRST_COUNTING;
        int head = first ? FIRST_HEAD : HEAD;
        if (kind < FIRST_COUNTED || kind > COUNTING || length < 0 || length > BYTES - head || sum != sum(whole)) {
            return FREE;
        }
        return new DropRecord(
                in.getLong(8),
                in.getLong(16),
                in.getLong(24),
                in.getLong(32),
                in.get(1) == 1,
                kind == COUNTING || kind == FIRST_COUNTING,
                new String(whole, head, length, StandardCharsets.UTF_8),
                first ? 0 : in.getLong(FIRST_HEAD));
    }

    private static int sum(byte[] whole) {
        CRC32 sum = new CRC32();
        sum.update(whole, 0, BYTES);
        return (int) sum.getValue();
    }
}
