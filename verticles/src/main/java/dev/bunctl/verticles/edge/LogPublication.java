package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.LogEntry;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes lines at an address, a batch at a time. What cannot be published as fast as it is written stays in the files,
 * and so costs no memory; where files are deleted before it is read, a gap is published.
 */
final class LogPublication {
    /** After a full batch others have their turn: at most about 6 MiB a second are published of one app. */
    static final Duration PAUSE = Duration.ofMillis(10);

    private static final System.Logger LOG = System.getLogger(LogPublication.class.getName());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final Vertx vertx;
    private final String address;
    private final LogCursor cursor;
    private boolean closed;

    LogPublication(Vertx vertx, String address, LogCursor cursor) {
        this.vertx = vertx;
        this.address = address;
        this.cursor = cursor;
    }

    /** Publishes what comes, until it is closed. */
    void begin() {
        if (!closed) {
            cursor.next()
                    .onSuccess(this::take)
                    .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, address + ": no longer published", cause));
        }
    }

    private void take(LogBatch batch) {
        if (closed || batch.last()) {
            return;
        }
        long bytes = 0;
        JsonArray lines = new JsonArray();
        for (LogItem item : batch.items()) {
            lines.add(object(item));
            bytes += item instanceof LogItem.Line line ? line.text().length() : 0;
        }
        if (!lines.isEmpty()) {
            JsonObject body = new JsonObject().put("version", Protocol.VERSION).put("lines", lines);
            var _ = vertx.eventBus().publish(address, body, LOCAL);
        }
        if (bytes < LogCursor.MAX_BATCH_BYTES / 2) {
            begin();
        } else {
            long _ = vertx.setTimer(PAUSE.toMillis(), _ -> begin());
        }
    }

    @SuppressWarnings("NullAway") // Vert.x's JSON takes null members, which its types do not say
    private static JsonObject object(LogItem item) {
        LogEntry entry = LogLines.entry(item);
        Map<String, @Nullable Object> object = LogText.object(Optional.empty(), entry);
        object.remove("version");
        switch (entry.content()) {
            case LogEntry.Line(String text) -> object.put("line", text);
            case LogEntry.Gap(String why) -> object.put("gap", why);
        }
        return new JsonObject(object);
    }

    void close() {
        closed = true;
        cursor.close();
    }
}
