package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.command.LogView;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.ClusterCommand.OnNodes;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.message.NodeAnswer;
import dev.bunctl.bridge.message.NodeEntry;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Runs {@code logs} for nodes of the cluster: reads those of each by its own daemon, which allows and remembers it. */
final class NodeLogs {
    private final Vertx vertx;
    private final Inside inside;
    private final InstantSource clock;
    private final Set<NodesFeed> feeds = new HashSet<>();

    NodeLogs(Vertx vertx, Inside inside, InstantSource clock) {
        this.vertx = vertx;
        this.inside = inside;
        this.clock = clock;
    }

    /** A node came or went. */
    void heard(NodeNews news) {
        List.copyOf(feeds).forEach(feed -> feed.heard(news));
    }

    /** Completes with the reply, after the last line. */
    Future<JsonObject> run(
            Message<Object> message,
            Command.Logs command,
            Selection nodes,
            LogView view,
            CommandLine line,
            Session session) {
        Presentation how = line.presentation(view.json());
        return inside.ask(message, new OnNodes(nodes, command), new ClusterCommand.ShowNodes())
                .compose(answer -> {
                    if (!(answer instanceof Answer.Nodes known)) {
                        return Future.succeededFuture(Reply.of(Render.answer(answer, how)));
                    }
                    boolean isToJoin =
                            known.self().isPresent() && command.query().follow();
                    if (known.nodes().isEmpty() && !isToJoin) {
                        String why = known.problem().orElse("this daemon is in no cluster");
                        return Future.succeededFuture(Reply.error(ErrorCode.UNREACHABLE, why, how));
                    }
                    Collection<String> names = names(nodes, known, line.resume());
                    Optional<String> unknown = names.stream()
                            .filter(name -> !known.nodes().isEmpty()
                                    && line.resume().isEmpty()
                                    && known.nodes().stream()
                                            .noneMatch(entry -> entry.name().equals(name)))
                            .findFirst();
                    return unknown.isPresent()
                            ? Future.succeededFuture(Reply.error(
                                    ErrorCode.NOT_FOUND,
                                    "no node is called '" + unknown.get() + "'",
                                    "'bunctl nodes' shows those there are",
                                    how))
                            : stream(
                                    message,
                                    command,
                                    nodes,
                                    names,
                                    new LogText(view, how.colours(), true, line.zone()),
                                    line,
                                    how,
                                    session);
                });
    }

    /** All that are known, and those that a reading is resumed of: a daemon that has just begun knows no other node yet. */
    private static Collection<String> names(Selection nodes, Answer.Nodes known, Optional<LogReading.Place> resume) {
        if (nodes instanceof Selection.Named(List<String> names)) {
            return names;
        }
        Set<String> all = new TreeSet<>();
        known.self().ifPresent(all::add);
        known.nodes().stream().map(NodeEntry::name).forEach(all::add);
        resume.ifPresent(place -> all.addAll(NodePlaces.nodes(place)));
        return all;
    }

    private Future<JsonObject> stream(
            Message<Object> message,
            Command.Logs command,
            Selection nodes,
            Collection<String> names,
            LogText words,
            CommandLine line,
            Presentation how,
            Session session) {
        NodesFeed feed = new NodesFeed(
                vertx,
                (node, what) -> ask(message, node, what),
                new NodesFeed.Question(
                        command.selection(), command.query(), nodes instanceof Selection.All, line.resume()),
                words,
                how,
                clock);
        try {
            feed.begin(names);
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Reply.error(ErrorCode.INVALID, String.valueOf(e.getMessage()), how));
        }
        if (command.query().follow()) {
            session.makeResumable();
        }
        feeds.add(feed);
        return new LogStream(feed, session).reply().onComplete(_ -> feeds.remove(feed));
    }

    private Future<NodeAnswer> ask(Message<Object> message, String node, LogReading what) {
        return inside.goOn(message, new OnNodes(new Selection.Named(List.of(node)), what))
                .map(answer -> answer instanceof Answer.OfNodes(List<NodeAnswer> answers) && answers.size() == 1
                        ? answers.getFirst()
                        : new NodeAnswer(node, Optional.empty(), answer));
    }
}
