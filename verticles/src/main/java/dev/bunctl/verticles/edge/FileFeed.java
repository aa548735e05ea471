package dev.bunctl.verticles.edge;

import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** Lines of logs of this host. */
final class FileFeed implements LogFeed {
    private final LogCursor cursor;
    private final LogText words;
    private final Optional<Instant> resumableSince;

    /** @param resumableSince when the reading began, if another daemon may go on with it */
    FileFeed(LogCursor cursor, LogText words, Optional<Instant> resumableSince) {
        this.cursor = cursor;
        this.words = words;
        this.resumableSince = resumableSince;
    }

    @Override
    public Future<Portion> next() {
        return cursor.next().map(batch -> {
            StringBuilder out = new StringBuilder();
            StringBuilder err = new StringBuilder();
            batch.items().forEach(item -> words.entry(Optional.empty(), LogLines.entry(item), out, err));
            return new Portion(
                    out.toString(), err.toString(), place(batch), batch.last() ? Optional.of(0) : Optional.empty());
        });
    }

    private Optional<JsonObject> place(LogBatch batch) {
        if (resumableSince.isEmpty() || batch.positions().isEmpty()) {
            return Optional.empty();
        }
        JsonObject positions = new JsonObject();
        batch.positions().forEach((file, position) -> positions.put(file.toString(), position.text()));
        return Optional.of(LogFeed.place(resumableSince.get().toString(), positions));
    }

    @Override
    public void close() {
        cursor.close();
    }
}
