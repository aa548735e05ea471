package dev.bunctl.os.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * One line of {@code /proc/<pid>/stat}, see proc_pid_stat(5).
 *
 * @param parent the parent's pid
 * @param session the session's id, which is its first process
 * @param cpuTicks own time and that of children waited for, in user and kernel
 * @param startTime in ticks since boot
 * @param residentPages memory in pages
 * @param zombie whether it has ended and nobody has asked how
 * @param exitStatus how a zombie ended, as wait(2) gives it; 0 when this user may not know
 */
record ProcStat(
        long pid,
        long parent,
        long session,
        long cpuTicks,
        long startTime,
        long residentPages,
        boolean zombie,
        int exitStatus) {
    /** A line has about 52 numbers and a name of at most 64 bytes. */
    private static final int MAX_LINE = 2048;

    private static final int FIELDS = 52;
    private static final int PARENT = 4;
    private static final int SESSION = 6;
    private static final int USER_TIME = 14;
    private static final int CHILDREN_SYSTEM_TIME = 17;
    private static final int START_TIME = 22;
    private static final int RESIDENT = 24;
    private static final int EXIT_STATUS = 52;

    /** The process now, or empty when there is none. */
    static Optional<ProcStat> of(long pid) {
        return of(pid, new byte[MAX_LINE]);
    }

    /** As {@link #of(long)} but with a buffer to be used again. */
    static Optional<ProcStat> of(long pid, byte[] buffer) {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/stat")) {
            int length = file.read(buffer);
            return length <= 0 ? Optional.empty() : parse(buffer, length);
        } catch (IOException e) {
            return Optional.empty(); // it ended: ENOENT when opened, ESRCH when read
        }
    }

    static byte[] buffer() {
        return new byte[MAX_LINE];
    }

    /** Reads the line. The name, second, stands in parentheses and may itself hold any byte, parentheses included. */
    static Optional<ProcStat> parse(byte[] line, int length) {
        int close = length - 1;
        while (close >= 0 && line[close] != ')') {
            close--;
        }
        int open = 0;
        while (open < close && line[open] != '(') {
            open++;
        }
        if (close <= 0 || open >= close) {
            return Optional.empty();
        }
        long[] fields = new long[FIELDS + 1];
        fields[1] = number(line, 0, open - 1);
        int field = 3;
        for (int start = close + 2; start < length && field <= FIELDS; field++) {
            int end = start;
            while (end < length && line[end] != ' ' && line[end] != '\n') {
                end++;
            }
            fields[field] = number(line, start, end);
            start = end + 1;
        }
        // Values above 2^63 wrap around; none of those kept here can be that large.
        return field <= FIELDS ? Optional.empty() : Optional.of(of(fields, line[close + 2] == 'Z'));
    }

    private static ProcStat of(long[] fields, boolean zombie) {
        long ticks = 0;
        for (int i = USER_TIME; i <= CHILDREN_SYSTEM_TIME; i++) {
            ticks += fields[i];
        }
        return new ProcStat(
                fields[1], fields[PARENT], fields[SESSION], ticks, fields[START_TIME], fields[RESIDENT], zombie, (int)
                        fields[EXIT_STATUS]);
    }

    /** A decimal number; the state, a letter, reads as 0. */
    private static long number(byte[] line, int start, int end) {
        boolean negative = start < end && line[start] == '-';
        long value = 0;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            if (line[i] >= '0' && line[i] <= '9') {
                value = value * 10 + (line[i] - '0');
            }
        }
        return negative ? -value : value;
    }
}
