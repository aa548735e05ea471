package dev.bunctl.verticles.log;

import io.vertx.core.Future;
import java.time.Instant;

/** Reads log files: the past, what comes, or both. The files are the truth; nothing is asked of the apps. */
public interface LogReader {
    /** Nothing is read before the first {@link LogCursor#next}. */
    LogCursor open(LogRequest request);

    /**
     * One reading under way. Called on one event loop, and answers there; all disk work is done on threads of its own.
     * Who does not ask gets nothing: a slow or stopped reader costs one open file a source and slows nobody.
     */
    interface LogCursor extends AutoCloseable {
        /** Most bytes of text in one batch, unless a single line is longer. */
        int MAX_BATCH_BYTES = 64 * 1024;

        /** A line is given in pieces of at most this, so that a file without line ends cannot fill the memory. */
        int MAX_LINE_BYTES = 1 << 20;

        /**
         * The next lines, in the order of their arrival. With {@code follow} it waits for some, but for the first
         * batch, which may be empty; without it the batch after the last line is {@link LogBatch#last}. Only one may be
         * asked for at a time.
         *
         * <p>Fails when a log cannot be read. After {@link #close} it completes with an empty last batch.
         */
        Future<LogBatch> next();

        /**
         * Reads a further log; one that is read already is left as it is.
         *
         * @param since what arrived then or later is read
         * @return false when {@link LogRequest#MAX_SOURCES} are read already
         */
        boolean add(LogSource source, Instant since);

        /** Ends the reading, also in the middle of a search, and gives back its files. May be called twice. */
        @Override
        void close();
    }
}
