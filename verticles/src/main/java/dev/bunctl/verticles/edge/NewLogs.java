package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogSource;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Adds the logs of instances that start later to a reading that follows. Used from one event loop. */
final class NewLogs {
    private static final System.Logger LOG = System.getLogger(NewLogs.class.getName());

    private final Predicate<String> concerned;
    private final Path folder;
    private final LogQuery query;
    private final Instant since;
    private final Supplier<Future<Answer>> describe;
    private final LogCursor cursor;
    private final Consumer<LogSource> added;
    private final Map<String, Integer> generations = new HashMap<>();
    private boolean asking;
    private boolean askAgain;

    /**
     * @param concerned whether an instance may be one of those followed
     * @param folder where the logs of apps are that name no place of their own
     * @param since when the reading began: what arrived then or later is read
     * @param describe asks which apps are followed, and where their logs are
     * @param added told of each log before its lines come
     */
    NewLogs(
            Predicate<String> concerned,
            Path folder,
            LogQuery query,
            Instant since,
            Supplier<Future<Answer>> describe,
            LogCursor cursor,
            Consumer<LogSource> added) {
        this.concerned = concerned;
        this.folder = folder;
        this.query = query;
        this.since = since;
        this.describe = describe;
        this.cursor = cursor;
        this.added = added;
    }

    /** Something happened to an instance: a generation that was not seen before may write elsewhere. */
    void heard(InstanceSnapshot snapshot) {
        if (!concerned.test(snapshot.instance())) {
            return;
        }
        Integer known = generations.put(snapshot.instance(), snapshot.generation());
        if (known == null || known != snapshot.generation()) {
            look();
        }
    }

    /** Looks for logs that are not read yet. */
    void look() {
        if (asking) {
            askAgain = true;
            return;
        }
        asking = true;
        describe.get().onComplete(answer -> {
            asking = false;
            if (answer.succeeded() && answer.result() instanceof Answer.Description description) {
                LogCommand.filesOf(folder, description.apps()).forEach(this::add);
            }
            if (askAgain) {
                askAgain = false;
                look();
            }
        });
    }

    private void add(InstanceLogs logs) {
        for (LogSource source : logs.sources(query.stdout(), query.stderr())) {
            added.accept(source);
            if (!cursor.add(source, since)) {
                LOG.log(System.Logger.Level.WARNING, "too many logs are followed at once for {0}", source.file());
            }
        }
    }
}
