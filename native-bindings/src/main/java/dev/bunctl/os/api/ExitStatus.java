package dev.bunctl.os.api;

/** How a process ended. */
public sealed interface ExitStatus {
    /** It ended by itself. */
    record Code(int code) implements ExitStatus {}

    /** A signal ended it. */
    record Killed(Signal signal, boolean dumpedCore) implements ExitStatus {}

    /** It is gone and nobody can say how: its parent died before it did. */
    record Unknown() implements ExitStatus {}
}
