package dev.bunctl.verticles.edge;

import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Moves lines of logs into a session, a batch at a time: the next is read only when the last is on its way. */
final class LogStream {
    private final LogCursor cursor;
    private final Session session;
    private final LogText words;
    private final Optional<Instant> resumableSince;
    private final Promise<End> ended = Promise.promise();
    private boolean writing;

    /** Why a stream ends. */
    enum End {
        LAST_LINE,
        /** The next daemon goes on with it. */
        HANDED_OVER
    }

    /** @param resumableSince when the reading began, if another daemon may go on with it */
    LogStream(LogCursor cursor, Session session, LogText words, Optional<Instant> resumableSince) {
        this.cursor = cursor;
        this.session = session;
        this.words = words;
        this.resumableSince = resumableSince;
    }

    /** Completes after the last line; fails when the logs cannot be read or the client has cancelled. */
    Future<End> run() {
        session.cancelled().onComplete(_ -> end(Future.failedFuture("cancelled")));
        session.left().onComplete(_ -> leave());
        next();
        return ended.future();
    }

    private void leave() {
        if (!writing) {
            end(Future.succeededFuture(End.HANDED_OVER));
        }
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
        writing = true;
        write(out.toString(), err.toString(), place(batch))
                .onSuccess(_ -> written(batch))
                .onFailure(cause -> end(Future.failedFuture(cause)));
    }

    private Future<Void> write(String out, String err, @Nullable JsonObject place) {
        return err.isEmpty() ? session.out(out, place) : session.out(out, null).compose(_ -> session.err(err, place));
    }

    private void written(LogBatch batch) {
        writing = false;
        if (batch.last()) {
            end(Future.succeededFuture(End.LAST_LINE));
        } else if (session.left().isComplete()) {
            leave();
        } else {
            next();
        }
    }

    private @Nullable JsonObject place(LogBatch batch) {
        if (resumableSince.isEmpty() || batch.positions().isEmpty()) {
            return null;
        }
        JsonObject positions = new JsonObject();
        batch.positions().forEach((file, position) -> positions.put(file.toString(), position.text()));
        return new JsonObject().put("since", resumableSince.get().toString()).put("at", positions);
    }

    private void end(Future<End> how) {
        cursor.close();
        if (how.succeeded()) {
            ended.tryComplete(how.result());
        } else {
            ended.tryFail(how.cause());
        }
    }
}
