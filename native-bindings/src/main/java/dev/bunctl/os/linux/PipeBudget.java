package dev.bunctl.os.linux;

/**
 * How much pipe memory this daemon's pipes may use together: half of what the kernel lets one user have, because past
 * that soft limit every new pipe of the user is 8 KiB, those of other programs included (pipe(7)).
 */
final class PipeBudget {
    private final long maximum;
    private long used;

    /** Takes what the kernel lets one user have, in bytes; 0 when it has no limit. */
    PipeBudget(long softLimitBytes) {
        maximum = softLimitBytes == 0 ? Long.MAX_VALUE : softLimitBytes / 2;
    }

    /** Counts memory that is already in use, even beyond the budget. */
    synchronized void occupy(long bytes) {
        used += bytes;
    }

    /** Takes the bytes if they are within the budget. */
    synchronized boolean reserve(long bytes) {
        if (bytes > maximum - used) {
            return false;
        }
        used += bytes;
        return true;
    }

    synchronized void release(long bytes) {
        used -= bytes;
    }

    synchronized long used() {
        return used;
    }
}
