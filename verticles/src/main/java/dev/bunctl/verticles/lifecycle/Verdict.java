package dev.bunctl.verticles.lifecycle;

import java.time.Duration;

/** What follows the end of a process. Each carries its reason, in a sentence without its full stop. */
public sealed interface Verdict {
    String reason();

    /** It is started again, at the given monotonic time. */
    record StartAgain(Duration due, String reason) implements Verdict {}

    /** It is left stopped, as it should be. */
    record Rest(String reason) implements Verdict {}

    /**
     * It failed and is left alone.
     *
     * @param remove whether it is to be forgotten altogether
     */
    record GiveUp(String reason, boolean remove) implements Verdict {}
}
