package dev.bunctl.verticles.log;

import dev.bunctl.conf.LogPolicy.Rotation;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Collection;

/** What users ask of log files. Called on an event loop; never blocks it. */
public interface LogControl {
    /** Empties the files and deletes those put aside. Output that comes meanwhile is kept. */
    Future<Void> flush(Collection<Path> logs);

    /**
     * Puts the files aside now, unless they are empty.
     *
     * @param policy by which those put aside are kept
     */
    Future<Void> rotate(Collection<Path> logs, Rotation policy);

    /** Opens every file anew by its name, for a logrotate of the host that has renamed them. */
    Future<Void> reopen();
}
