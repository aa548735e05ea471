package dev.bunctl.os.linux;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.Signal;

/**
 * How a process ended, as the guard writes it down.
 *
 * @param how {@link #CODE}, {@link #SIGNAL} or {@link #UNKNOWN}
 * @param value the exit code or the signal's number
 * @param at milliseconds since 1970
 * @param userMicros CPU time in the program
 * @param systemMicros CPU time in the kernel for it
 * @param peakBytes most resident memory
 */
record ExitRecord(int how, int value, boolean dumpedCore, long at, long userMicros, long systemMicros, long peakBytes) {
    static final int CODE = 0;
    static final int SIGNAL = 1;
    static final int UNKNOWN = 2;

    /** Shells report an end by a signal without a name in this way, as do we for real-time signals. */
    private static final int SIGNAL_CODE_BASE = 128;

    /** What the guard sends for a process that runs. */
    static final ExitRecord NONE = new ExitRecord(CODE, 0, false, 0, 0, 0, 0);

    ExitStatus status() {
        return switch (how) {
            case CODE -> new ExitStatus.Code(value);
            case SIGNAL -> {
                Signal signal = SignalNumbers.signal(value);
                yield signal == null
                        ? new ExitStatus.Code(SIGNAL_CODE_BASE + value)
                        : new ExitStatus.Killed(signal, dumpedCore);
            }
            default -> new ExitStatus.Unknown();
        };
    }

    /** Reads a status as wait(2) gives it. */
    static ExitRecord ofWaitStatus(int status, long at) {
        int signal = status & 0x7f;
        return signal == 0
                ? new ExitRecord(CODE, (status >> 8) & 0xff, false, at, 0, 0, 0)
                : new ExitRecord(SIGNAL, signal, (status & 0x80) != 0, at, 0, 0, 0);
    }

    static ExitRecord unknown(long at) {
        return new ExitRecord(UNKNOWN, 0, false, at, 0, 0, 0);
    }
}
