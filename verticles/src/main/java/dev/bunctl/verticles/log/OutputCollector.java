package dev.bunctl.verticles.log;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import io.vertx.core.Future;
import java.util.List;

/** Takes in the output of processes and writes it to files. Called on an event loop; never blocks it. */
public interface OutputCollector {
    /** Begins to collect both streams of one generation; the pipes now belong to the collector, which closes them. */
    Collection collect(ProcessKey key, AppSpec spec, OutputPipe stdout, OutputPipe stderr);

    /** The last lines of stderr that this instance wrote, oldest first; for messages to the user. */
    Future<List<String>> lastErrorLines(String instance, int count);

    /** The output of one generation. */
    interface Collection {
        /**
         * The program has ended: what its pipes hold now is read and written, then the future completes. Output of
         * descendants that still hold the pipes is collected on, until they end.
         */
        Future<Void> drain();

        /**
         * Completes, on any thread, once a line went to a standard stream of this process by which the app says that it is ready; never
         * where its specification names none or its lines go to files.
         */
        Future<Void> readyLine();

        /** Files are put aside, kept and synced by another policy from now on; where they are and their format stay. */
        void adopt(LogPolicy policy);
    }
}
