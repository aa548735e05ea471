package dev.bunctl.verticles.lifecycle;

import java.util.Optional;

/**
 * A generation on its way out. Nothing brings it back.
 *
 * @param generation its number
 * @param process empty while its spawn has not been answered
 * @param stage how far it has come
 * @param cause why it goes
 * @param told whether it was told to end; otherwise it ended by itself
 */
public record Leaving(int generation, Optional<Generation> process, Stage stage, Cause cause, boolean told) {
    /** How far it has come. */
    public enum Stage {
        /** Its spawn has not been answered; it is ended as soon as it runs. */
        AWAITED,
        /** It was told to end and has time until its timer fires. */
        TOLD,
        /** It and its tree were killed; the host has not yet said that it ended. */
        KILLED,
        /** It has ended; its last output is taken in. */
        DRAINING
    }

    Leaving at(Stage next) {
        return new Leaving(generation, process, next, cause, told);
    }

    Leaving running(Generation started) {
        return new Leaving(generation, Optional.of(started), Stage.TOLD, cause, told);
    }

    /** Whether a process of it may be running. */
    public boolean mayRun() {
        return switch (stage) {
            case AWAITED, TOLD, KILLED -> true;
            case DRAINING -> false;
        };
    }
}
