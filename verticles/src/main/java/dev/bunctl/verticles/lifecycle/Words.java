package dev.bunctl.verticles.lifecycle;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.os.api.ExitStatus;
import java.time.Duration;

/** How ends and times are said to people. */
final class Words {
    private Words() {}

    static Cause cause(Event.Exited exit) {
        CrashRecord.Kind kind = switch (exit.status()) {
            case ExitStatus.Code _ -> CrashRecord.Kind.CODE;
            case ExitStatus.Killed _ -> CrashRecord.Kind.SIGNAL;
            case ExitStatus.Unknown _ -> CrashRecord.Kind.UNKNOWN;
        };
        return new Cause(exit.outOfMemory() ? CrashRecord.Kind.OOM : kind, of(exit));
    }

    static String of(Event.Exited exit) {
        return exit.outOfMemory() ? "out of memory, " + of(exit.status()) : of(exit.status());
    }

    private static String of(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Code(int code) -> "exit code " + code;
            case ExitStatus.Killed(var signal, boolean dumped) ->
                "signal " + signal.longName() + (dumped ? " with a core dump" : "");
            case ExitStatus.Unknown() -> "ended while nobody could see how";
        };
    }

    static String of(Duration duration) {
        if (duration.toMillis() < 1000) {
            return duration.toMillis() + " ms";
        }
        if (duration.toMillis() % 1000 != 0 && duration.toSeconds() < 60) {
            return String.format(java.util.Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
