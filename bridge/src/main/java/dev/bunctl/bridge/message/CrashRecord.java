package dev.bunctl.bridge.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One end of one process, or of the attempt to have one.
 *
 * @param instance {@code api:0}
 * @param pid its process id, 0 when it was never executed
 * @param kind why, for programs
 * @param cause why, for people, such as {@code exit code 1}, {@code signal SIGSEGV}, {@code stopped by user}
 * @param exitCode empty when it did not end with one
 * @param signal that ended it, such as {@code SIGSEGV}
 * @param decision what was done about it, and why
 * @param lastLines the end of its stderr
 */
public record CrashRecord(
        Instant at,
        String instance,
        int generation,
        long pid,
        Kind kind,
        String cause,
        OptionalInt exitCode,
        Optional<String> signal,
        Duration uptime,
        String decision,
        List<String> lastLines) {
    public CrashRecord {
        lastLines = List.copyOf(lastLines);
    }

    /** Why a process ended. */
    public enum Kind {
        /** It ended by itself, with an exit code. */
        CODE,
        /** A signal that bunctl did not send, or was only asked to pass on. */
        SIGNAL,
        /** The host ended it for its memory. */
        OOM,
        /** Nobody was there to see how it ended. */
        UNKNOWN,
        /** It could not be executed. */
        NOT_STARTED,
        /** It was not ready in time. */
        NOT_READY,
        /** It failed its health check. */
        PROBE,
        /** It passed a limit at which it is restarted. */
        LIMIT,
        /** Files that are watched have changed. */
        WATCH,
        /** Its time to be restarted had come. */
        CRON,
        /** A command stopped or restarted it. */
        USER,
        /** A reload replaced it. */
        RELOAD,
        /** A former daemon left one process too many. */
        ADOPTION
    }
}
