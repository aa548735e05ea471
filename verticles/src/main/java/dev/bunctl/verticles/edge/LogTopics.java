package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogRequest;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes what apps write, each at an address of its own, while somebody is registered there. Used from one event loop. */
final class LogTopics {
    private static final LogQuery FROM_NOW_ON =
            new LogQuery(0, true, true, true, Optional.empty(), Optional.empty(), Optional.empty());

    private final Vertx vertx;
    private final Inside inside;
    private final LogReader logs;
    private final Path folder;
    private final InstantSource clock;
    private final Follows follows;
    private final Map<String, Topic> topics = new HashMap<>();

    /**
     * @param folder where the logs of apps are that name no place of their own
     * @param follows hears of instances that start later
     */
    LogTopics(Vertx vertx, Inside inside, LogReader logs, Path folder, InstantSource clock, Follows follows) {
        this.vertx = vertx;
        this.inside = inside;
        this.logs = logs;
        this.folder = folder;
        this.clock = clock;
        this.follows = follows;
    }

    private static final class Topic {
        private final LogPublication publication;
        private final NewLogs newcomers;
        private int subscribers;

        Topic(LogPublication publication, NewLogs newcomers) {
            this.publication = publication;
            this.newcomers = newcomers;
        }
    }

    /** Somebody has registered at an address; those that are no topic are not ours. */
    void registered(String address) {
        if (address.startsWith(Protocol.LOGS_PREFIX)) {
            topics.computeIfAbsent(address, this::open).subscribers++;
        }
    }

    /** Somebody has gone from an address. The last one ends the reading. */
    void unregistered(String address) {
        Topic topic = topics.get(address);
        if (topic != null && --topic.subscribers == 0) {
            topics.remove(address);
            follows.remove(topic.newcomers);
            topic.publication.close();
        }
    }

    private Topic open(String address) {
        String app = address.substring(Protocol.LOGS_PREFIX.length());
        Command.Describe describe = new Command.Describe(new Selection.Named(List.of(app)));
        Instant since = clock.instant();
        LogCursor cursor = logs.open(LogRequest.of(List.of(), FROM_NOW_ON));
        NewLogs newcomers = new NewLogs(
                instance -> instance.startsWith(app + ":"),
                folder,
                FROM_NOW_ON,
                since,
                () -> inside.ask(describe),
                cursor,
                _ -> {});
        follows.add(newcomers);
        newcomers.look();
        LogPublication publication = new LogPublication(vertx, address, cursor);
        publication.begin();
        return new Topic(publication, newcomers);
    }
}
