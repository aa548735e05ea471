package dev.bunctl.verticles.lifecycle;

/** What an instance is doing. Generations on their way out are kept beside it, in {@link Slot#leaving}. */
public sealed interface Phase {
    /** Nothing runs and nothing is planned. */
    record Stopped() implements Phase {}

    /** Given up: nothing runs until somebody asks. */
    record Errored() implements Phase {}

    /** Nothing runs until the backoff timer fires. */
    record Waiting() implements Phase {}

    /** A spawn was asked for and not yet answered. */
    record Starting(int generation) implements Phase {}

    /** It runs and has not shown that it is ready. */
    record Launching(Generation process) implements Phase {}

    /**
     * It runs and is ready.
     *
     * @param thenReload whether another reload begins as soon as nothing is leaving
     */
    record Online(Generation process, boolean thenReload) implements Phase {}

    /** The retiring generation serves while the incoming one comes up beside it. */
    record Reloading(Generation retiring, Incoming incoming) implements Phase {}

    /** Every generation is leaving. What comes then is the verdict's, unless the user wants it stopped. */
    record Stopping(Verdict next) implements Phase {}

    /** The new generation of a reload. */
    sealed interface Incoming {
        int generation();

        /** Its spawn was asked for. */
        record Awaited(int generation) implements Incoming {}

        /** It runs and is not ready. */
        record Unready(Generation process) implements Incoming {
            @Override
            public int generation() {
                return process.number();
            }
        }
    }
}
