package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.render.Rendered;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Moves text of logs into a session, a portion at a time: the next is asked for only when the last is on its way. */
final class LogStream {
    private final LogFeed feed;
    private final Session session;
    private final Promise<JsonObject> ended = Promise.promise();
    private boolean writing;

    LogStream(LogFeed feed, Session session) {
        this.feed = feed;
        this.session = session;
    }

    /** Completes with the reply after the last line, or when the client has cancelled; fails when the logs cannot be read. */
    Future<JsonObject> reply() {
        session.cancelled().onComplete(_ -> end(exit(Reply.CANCELLED)));
        session.left().onComplete(_ -> leave());
        next();
        return ended.future();
    }

    private void leave() {
        if (!writing) {
            end(Future.succeededFuture(Reply.again()));
        }
    }

    private void next() {
        feed.next().onComplete(read -> {
            if (read.succeeded()) {
                take(read.result());
            } else {
                end(Future.failedFuture(read.cause()));
            }
        });
    }

    private void take(LogFeed.Portion portion) {
        if (ended.future().isComplete()) {
            return;
        }
        writing = true;
        write(portion.out(), portion.err(), portion.place().orElse(null))
                .onSuccess(_ -> written(portion))
                .onFailure(cause -> end(Future.failedFuture(cause)));
    }

    private Future<Void> write(String out, String err, @Nullable JsonObject place) {
        return err.isEmpty() ? session.out(out, place) : session.out(out, null).compose(_ -> session.err(err, place));
    }

    private void written(LogFeed.Portion portion) {
        writing = false;
        if (portion.exit().isPresent()) {
            end(exit(portion.exit().get()));
        } else if (session.left().isComplete()) {
            leave();
        } else {
            next();
        }
    }

    private static Future<JsonObject> exit(int code) {
        return Future.succeededFuture(Reply.of(new Rendered("", "", code)));
    }

    private void end(Future<JsonObject> how) {
        feed.close();
        if (how.succeeded()) {
            ended.tryComplete(how.result());
        } else {
            ended.tryFail(how.cause());
        }
    }
}
