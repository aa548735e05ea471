package dev.bunctl.verticles.log;

import io.vertx.core.Future;
import java.util.Collection;

/** What users ask of log files. Called on an event loop; never blocks it. */
public interface LogControl {
    /** Empties the files and deletes those put aside. Output that comes meanwhile is kept. */
    Future<Void> flush(Collection<LogSource> sources);

    /** Puts the files aside now, unless they are empty. */
    Future<Void> rotate(Collection<LogSource> sources);

    /** Opens every file anew by its name, for a logrotate of the host that has renamed them. */
    Future<Void> reopen();
}
