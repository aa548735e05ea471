package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogEntry;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.message.NodeAnswer;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lines of logs of several nodes, merged by the times that their hosts gave them. Of each node one batch is held at most, and the next is
 * asked for when that is used up: a reader that is slow holds up nobody. A node that is lost is told of, and goes on where it stopped
 * when it is back. Used from one event loop.
 */
final class NodesFeed implements LogFeed {
    /** So long a follower keeps lines back for a node that surely has older ones. */
    static final Duration HOLD = Duration.ofSeconds(1);

    /** Nodes of one follow: more that join later are left out. */
    static final int MAX_NODES = 256;

    private final Vertx vertx;
    private final Asking asking;
    private final Question question;
    private final LogText words;
    private final Presentation how;
    private final InstantSource clock;
    private final Instant since;
    private final Map<String, Source> sources = new TreeMap<>();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private JsonObject places = new JsonObject();
    private @Nullable Promise<Portion> asked;
    private @Nullable Long holding;
    private boolean closed;

    /** The way to a node. */
    interface Asking {
        /** Never fails. */
        Future<NodeAnswer> ask(String node, LogReading what);
    }

    /**
     * What is read.
     *
     * @param selection apps of each node
     * @param isForAll whether nodes that join later are read too
     * @param from where another daemon stopped
     */
    record Question(Selection selection, LogQuery query, boolean isForAll, Optional<LogReading.Place> from) {}

    /** @param how refusals are shown */
    NodesFeed(Vertx vertx, Asking asking, Question question, LogText words, Presentation how, InstantSource clock) {
        this.vertx = vertx;
        this.asking = asking;
        this.question = question;
        this.words = words;
        this.how = how;
        this.clock = clock;
        this.since = question.from().map(LogReading.Place::since).orElseGet(clock::instant);
    }

    /** Begins to read; to be called once. */
    void begin(Collection<String> nodes) {
        nodes.forEach(node -> sources.put(node, new Source(node, NodePlaces.of(node, question.from()))));
        List.copyOf(sources.values()).forEach(Source::open);
    }

    /** A node came or went. */
    void heard(NodeNews news) {
        if (closed || !news.isReachable() || !question.query().follow()) {
            return;
        }
        Source source = sources.get(news.node());
        if (source != null) {
            source.isBack();
        } else if (question.isForAll() && sources.size() < MAX_NODES) {
            Source joined = new Source(news.node(), new NodePlaces(news.node(), Optional.of(since), Map.of()));
            sources.put(news.node(), joined);
            joined.open();
        }
    }

    @Override
    public Future<Portion> next() {
        Promise<Portion> promise = Promise.promise();
        asked = promise;
        pump();
        return promise.future();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cancelHold();
            sources.values().forEach(Source::end);
        }
    }

    private void pump() {
        Promise<Portion> asker = asked;
        if (asker == null || closed) {
            return;
        }
        int from = out.length();
        // What is to be said of a node comes before the lines behind it, and stderr of one portion comes behind its
        // stdout.
        Optional<Source> first = err.isEmpty() ? earliest() : Optional.empty();
        while (first.isPresent() && out.length() - from < LogCursor.MAX_BATCH_BYTES) {
            first.get().give();
            first = earliest();
        }
        Optional<Integer> exit = exit();
        if (out.isEmpty() && err.isEmpty() && places.isEmpty() && exit.isEmpty()) {
            hold();
            return;
        }
        cancelHold();
        Portion portion = new Portion(out.toString(), err.toString(), place(), exit);
        out.setLength(0);
        err.setLength(0);
        asked = null;
        asker.complete(portion);
    }

    /** Whose line is next: empty when there is none, or an older one may be on its way. */
    private Optional<Source> earliest() {
        return sources.values().stream().anyMatch(Source::isAwaited)
                ? Optional.empty()
                : sources.values().stream()
                        .filter(source -> !source.held.isEmpty())
                        .min(Comparator.comparing(
                                source -> source.held.element().at()));
    }

    private void hold() {
        boolean holdsBack =
                question.query().follow() && sources.values().stream().anyMatch(source -> !source.held.isEmpty());
        if (holdsBack && holding == null) {
            holding = vertx.setTimer(HOLD.toMillis(), _ -> {
                holding = null;
                sources.values().forEach(source -> source.hasMore = false);
                pump();
            });
        }
    }

    private void cancelHold() {
        if (holding != null) {
            boolean _ = vertx.cancelTimer(holding);
            holding = null;
        }
    }

    private Optional<JsonObject> place() {
        if (places.isEmpty() || !question.query().follow()) {
            places = new JsonObject();
            return Optional.empty();
        }
        JsonObject place = LogFeed.place(since.toString(), places);
        places = new JsonObject();
        return Optional.of(place);
    }

    /** What the nodes came to, when all have come to an end. */
    private Optional<Integer> exit() {
        List<NodeAnswer> ends = new ArrayList<>();
        for (Source source : sources.values()) {
            if (source.end == null || !source.held.isEmpty()) {
                return Optional.empty();
            }
            ends.add(source.end);
        }
        return Optional.of(Render.exitCode(new Answer.OfNodes(ends)));
    }

    /** What comes from one node. */
    private final class Source {
        private final String node;
        private final NodePlaces place;
        private final Deque<LogEntry> held = new ArrayDeque<>();
        private String reading = "";
        private long number;
        private LogReading.@Nullable Place unplaced;
        private boolean isAsked;
        private boolean isLast;
        private boolean isAway;
        private boolean cameBack;
        private boolean hasMore;
        private @Nullable NodeAnswer end;

        Source(String node, NodePlaces place) {
            this.node = node;
            this.place = place;
        }

        /** Whether lines that are older than those of others may come from it. */
        boolean isAwaited() {
            return isAsked && (hasMore || !question.query().follow());
        }

        void open() {
            reading = UUID.randomUUID().toString().replace("-", "");
            number = 0;
            hasMore = true;
            ask(new LogReading.Open(reading, question.selection(), question.query(), place.from()));
        }

        private void ask(LogReading what) {
            isAsked = true;
            cameBack = false;
            String current = reading;
            asking.ask(node, what).onSuccess(answer -> {
                if (!closed && current.equals(reading)) {
                    isAsked = false;
                    answered(what, answer);
                    pump();
                }
            });
        }

        private void answered(LogReading what, NodeAnswer answer) {
            switch (answer.answer()) {
                case Answer.LogBatch batch -> take(batch);
                // It was not asked for too long, or the daemon is another one.
                case Answer.Refused(ErrorCode code, var _, var _)
                when code == ErrorCode.NOT_FOUND && what instanceof LogReading.Next -> open();
                case Answer.Refused(ErrorCode code, var _, var _)
                when question.query().follow() && isLoss(code, what) -> lost(answer);
                case Answer other -> refused(answer);
            }
        }

        private boolean isLoss(ErrorCode code, LogReading what) {
            // A daemon that has just begun goes on with what another read of nodes that it does not know yet.
            boolean isUnknownYet = code == ErrorCode.NOT_FOUND
                    && what instanceof LogReading.Open open
                    && open.from().isPresent();
            return isUnknownYet || code == ErrorCode.UNREACHABLE || code == ErrorCode.DAEMON_LOST;
        }

        private void take(Answer.LogBatch batch) {
            if (isAway) {
                isAway = false;
                words.reach(node, clock.instant(), Optional.empty(), out, err);
            }
            long size = 0;
            for (LogEntry entry : batch.lines()) {
                held.add(entry);
                words.add(node, entry);
                size += entry.content() instanceof LogEntry.Line(String text) ? text.length() : 0;
            }
            hasMore = size > LogCursor.MAX_BATCH_BYTES / 2;
            isLast = batch.last();
            if (batch.number() > number) {
                number = batch.number();
                unplaced = batch.place();
            }
            if (held.isEmpty()) {
                goOn();
            }
        }

        /** Puts the oldest line that is held into words. */
        void give() {
            words.entry(Optional.of(node), held.remove(), out, err);
            if (held.isEmpty()) {
                goOn();
            }
        }

        private void goOn() {
            if (unplaced != null) {
                place.moved(unplaced, places);
                unplaced = null;
            }
            if (isLast) {
                end = new NodeAnswer(node, Optional.empty(), new Answer.LogLines(List.of(), true));
                end();
            } else {
                ask(new LogReading.Next(reading, number));
            }
        }

        private void lost(NodeAnswer answer) {
            Instant now = clock.instant();
            if (!isAway) {
                isAway = true;
                words.reach(node, now, Optional.of(answer.unreachableSince().orElse(now)), out, err);
            }
            if (cameBack) {
                open();
            }
        }

        void isBack() {
            cameBack = true;
            if (isAway && !isAsked) {
                open();
            }
        }

        private void refused(NodeAnswer answer) {
            end = answer;
            Rendered shown = Render.answer(new Answer.OfNodes(List.of(answer)), how);
            out.append(how.json() ? shown.out() : "");
            err.append(shown.err());
        }

        /** Lets the node forget the reading. */
        void end() {
            if (!reading.isEmpty() && !isAway) {
                var _ = asking.ask(node, new LogReading.Close(reading));
                reading = "";
            }
        }
    }
}
