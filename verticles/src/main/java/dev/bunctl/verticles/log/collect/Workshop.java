package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.log.LogVolume;
import dev.bunctl.verticles.log.files.RotationSteps;
import dev.bunctl.verticles.threads.Delay;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.Executor;

/**
 * What all logs of a daemon share.
 *
 * @param maintenance one thread for compression, syncing and deletion
 * @param delay runs something later
 * @param growth wakes followers
 * @param volume counts what is written and dropped
 * @param drops what is dropped and not yet announced
 * @param troubles hears of what went wrong
 * @param readerGone hears that nobody reads one of this process's standard streams any more
 */
public record Workshop(
        Platform platform,
        InstantSource clock,
        ZoneId zone,
        RotationSteps steps,
        Executor maintenance,
        Delay delay,
        Growth growth,
        LogVolume volume,
        DropJournal drops,
        Troubles troubles,
        Runnable readerGone) {

    /** Hears of what went wrong with a log; called on the thread it went wrong on, at most once for each spell. */
    @FunctionalInterface
    public interface Troubles {
        void report(Path log, String what);
    }
}
