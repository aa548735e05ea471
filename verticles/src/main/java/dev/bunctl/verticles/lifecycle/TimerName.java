package dev.bunctl.verticles.lifecycle;

/**
 * A timer of one instance; arming it again replaces it.
 *
 * @param kind what it is for
 * @param generation whose it is; 0 when it belongs to the slot
 */
public record TimerName(Kind kind, int generation) {
    /** What a timer is for. */
    public enum Kind {
        /** The wait before a restart is over. */
        BACKOFF,
        /** It has lived long enough to count as ready. */
        ALIVE,
        /** The sign of readiness is overdue. */
        READY,
        /** The time to end by itself is over. */
        STOP,
        /** It was killed and has still not ended. */
        KILL,
        /** Its last output is overdue. */
        DRAIN
    }

    static TimerName backoff() {
        return new TimerName(Kind.BACKOFF, 0);
    }
}
