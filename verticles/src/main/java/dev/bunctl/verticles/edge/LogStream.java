package dev.bunctl.verticles.edge;

import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Moves lines of logs into a session, a batch at a time: the next is read only when the last is on its way. */
final class LogStream {
    private final LogCursor cursor;
    private final Session session;
    private final LogText words;
    private final Promise<Void> ended = Promise.promise();

    LogStream(LogCursor cursor, Session session, LogText words) {
        this.cursor = cursor;
        this.session = session;
        this.words = words;
    }

    /** Completes after the last line; fails when the logs cannot be read or the client has cancelled. */
    Future<Void> run() {
        session.cancelled().onComplete(_ -> end(Future.failedFuture("cancelled")));
        next();
        return ended.future();
    }

    private void next() {
        cursor.next().onComplete(read -> {
            if (read.succeeded()) {
                take(read.result());
            } else {
                end(Future.failedFuture(read.cause()));
            }
        });
    }

    private void take(LogBatch batch) {
        if (ended.future().isComplete()) {
            return;
        }
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (LogItem item : batch.items()) {
            switch (item) {
                case LogItem.Line line -> words.line(line, out);
                case LogItem.Gap gap -> words.gap(gap, out, err);
            }
        }
        session.out(out.toString())
                .compose(_ -> session.err(err.toString()))
                .onSuccess(_ -> {
                    if (batch.last()) {
                        end(Future.succeededFuture());
                    } else {
                        next();
                    }
                })
                .onFailure(cause -> end(Future.failedFuture(cause)));
    }

    private void end(Future<Void> how) {
        cursor.close();
        if (how.succeeded()) {
            ended.tryComplete();
        } else {
            ended.tryFail(how.cause());
        }
    }
}
