package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.supervisor.Watches;

/** Waits for a line in the logs. The request asks for matching lines since the process was executed. */
final class LogLineWatch implements Watches.Watch {
    private static final System.Logger LOG = System.getLogger(LogLineWatch.class.getName());

    private final LogReader.LogCursor cursor;
    private final Runnable ready;
    private boolean ended;

    LogLineWatch(LogReader reader, LogRequest request, Runnable ready) {
        this.cursor = reader.open(request);
        this.ready = ready;
    }

    LogLineWatch begin() {
        cursor.next()
                .onSuccess(this::take)
                .onFailure(cause ->
                        LOG.log(System.Logger.Level.WARNING, "cannot look for the line that shows readiness", cause));
        return this;
    }

    private void take(LogBatch batch) {
        if (ended) {
            return;
        }
        if (batch.items().stream().anyMatch(LogItem.Line.class::isInstance)) {
            end();
            ready.run();
        } else if (!batch.last()) {
            LogLineWatch _ = begin();
        }
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            cursor.close();
        }
    }
}
