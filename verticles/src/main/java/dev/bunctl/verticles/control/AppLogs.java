package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import io.vertx.core.Future;

/** The log files of instances. Called on the event loop; never blocks it. */
public interface AppLogs {
    /** Path of its stdout log, or empty when there is none. */
    String out(AppSpec spec, int number);

    /** Path of its stderr log, or empty when there is none. */
    String err(AppSpec spec, int number);

    /** Empties the files of an instance and deletes those put aside. */
    Future<Void> flush(AppSpec spec, int number);

    /** Puts the files of an instance aside, unless they are empty. */
    Future<Void> rotate(AppSpec spec, int number);

    /** Opens every file anew by its name. */
    Future<Void> reopen();
}
