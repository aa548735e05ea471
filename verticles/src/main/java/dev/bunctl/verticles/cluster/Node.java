package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ClusterCommand.OnNodes;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.NodeAnswer;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.server.JsonValues;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This daemon as a node: tells the others of its apps when something changes, at most ten times a second, remembers what they tell,
 * and passes commands. Used from the daemon's event loop.
 */
final class Node {
    private static final System.Logger LOG = System.getLogger(Node.class.getName());
    private static final Answer.Status NOTHING = new Answer.Status(List.of(), List.of(), List.of());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final long PAUSE_MS = 1000;

    /** Between two times that this node tells of its apps. */
    private static final long TOLD_APART_MS = 100;

    private static final long LONGEST_PAUSE_MS = 30_000;

    private final Vertx vertx;
    private final NodeLink link;
    private final String name;
    private final String version;
    private final InstantSource clock;
    private final NodeView view;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Watching watching;
    private final MessageConsumer<InstanceEvent> events;
    private @Nullable Long telling;
    private @Nullable Long asking;
    private long pause = PAUSE_MS;
    private boolean changed;
    private boolean closed;

    private Node(Vertx vertx, NodeLink link, ClusterSettings settings, String version, InstantSource clock) {
        this.vertx = vertx;
        this.link = link;
        this.name = settings.node();
        this.version = version;
        this.clock = clock;
        this.view = new NodeView(name);
        this.incoming =
                new Incoming(vertx.eventBus(), Role.valueOf(settings.peers().name()), clock);
        this.outgoing = new Outgoing(new Outgoing.Sending() {
            @Override
            public Future<JsonObject> send(String member, JsonObject order) {
                return link.order(member, order);
            }

            @Override
            public void soon(Runnable task) {
                long _ = vertx.setTimer(PAUSE_MS, _ -> task.run());
            }
        });
        this.watching = new Watching(vertx, clock, () -> tell(message(Told.Kind.WATCHES)), this::changed);
        this.events = vertx.eventBus().localConsumer(InternalAddresses.EVENTS, _ -> changed());
    }

    /** Joins; completes when this node hears and is heard. */
    static Future<Node> join(
            Vertx vertx, ClusterLibrary library, ClusterSettings settings, String version, InstantSource clock) {
        return ClusterLink.open(vertx, library, settings).compose(link -> begin(vertx, link, settings, version, clock));
    }

    /** The same by a link that is there. */
    static Future<Node> begin(
            Vertx vertx, NodeLink link, ClusterSettings settings, String version, InstantSource clock) {
        Node node = new Node(vertx, link, settings, version, clock);
        return node.begin().map(node).recover(cause -> node.close(false).transform(_ -> Future.failedFuture(cause)));
    }

    private Future<Void> begin() {
        return link.listen(new NodeLink.Listener() {
                    @Override
                    public Future<JsonObject> order(Object message) {
                        return incoming.take(message);
                    }

                    @Override
                    public void told(Object message) {
                        Node.this.told(message);
                    }

                    @Override
                    public void joined(String member) {
                        view.joined(member);
                        pause = PAUSE_MS;
                        settle();
                    }

                    @Override
                    public void left(String member) {
                        lost(member);
                    }
                })
                .onSuccess(_ -> settle());
    }

    private void lost(String member) {
        view.left(member, clock.instant()).ifPresent(node -> {
            LOG.log(System.Logger.Level.INFO, "node {0} cannot be reached", node);
            view.node(node).ifPresent(this::publish);
        });
        outgoing.lost(member);
    }

    private void publish(NodeView.Known known) {
        publish(known.name(), known.version(), known.status(), known.unreachableSince(), false);
    }

    private void publish(
            String node, String spoken, Answer.Status status, Optional<Instant> unreachableSince, boolean hasLeft) {
        NodeNews news = new NodeNews(clock.instant(), node, spoken, status, unreachableSince, hasLeft);
        var _ = vertx.eventBus().publish(InternalAddresses.NEWS, news, LOCAL);
    }

    /** Somebody looks at the nodes here, and is told what is known of them; or nobody does any more. */
    void watch(boolean on) {
        watching.watch(on);
        if (on) {
            view.all().forEach(this::publish);
        }
    }

    /** Tells and asks anew, more and more rarely, until every member was heard. */
    private void settle() {
        if (closed || asking != null) {
            return;
        }
        changed();
        if (!view.isSettled()) {
            tell(message(Told.Kind.ASKS));
            asking = vertx.setTimer(pause, _ -> {
                asking = null;
                pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
                settle();
            });
        }
    }

    /** Tells at once what comes after a pause, and what comes within it together at its end. */
    private void changed() {
        if (closed) {
            return;
        }
        if (telling != null) {
            changed = true;
            return;
        }
        changed = false;
        tellStatus();
        telling = vertx.setTimer(TOLD_APART_MS, _ -> {
            telling = null;
            if (changed) {
                changed();
            }
        });
    }

    private void tellStatus() {
        status().onSuccess(status -> {
                    tell(Told.of(status, name, link.member(), version));
                    publish(name, version, status, Optional.empty(), false);
                })
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "the other nodes were not told", cause));
    }

    private JsonObject message(Told.Kind kind) {
        return Told.of(kind, name, link.member(), version);
    }

    private void tell(JsonObject message) {
        if (!closed) {
            link.tell(message);
        }
    }

    private void told(Object message) {
        Optional<Told> read = closed ? Optional.empty() : Told.read(message);
        if (read.isEmpty() || read.get().member().equals(link.member())) {
            return;
        }
        Told told = read.get();
        switch (told.kind().orElse(null)) {
            case null -> LOG.log(System.Logger.Level.DEBUG, "node {0} says what is not known here", told.node());
            case ASKS -> changed();
            case LEAVES -> left(told.node(), told.member(), told.version());
            case WATCHES -> watching.isWatched();
            case STATUS -> heard(told);
        }
    }

    private void heard(Told told) {
        if (!link.isMember(told.member())) {
            return; // its last words, from before it was lost
        }
        boolean isNew =
                view.node(told.node()).filter(NodeView.Known::isReachable).isEmpty();
        Answer.Status status = told.status().orElse(NOTHING);
        if (!view.heard(told.node(), told.member(), told.version(), status)) {
            return;
        }
        if (isNew) {
            LOG.log(System.Logger.Level.INFO, "node {0} is reachable", told.node());
            told.problem()
                    .ifPresent(problem -> LOG.log(
                            System.Logger.Level.WARNING,
                            "what node {0} tells is not understood here: {1}",
                            told.node(),
                            problem));
        }
        publish(told.node(), told.version(), status, Optional.empty(), false);
    }

    private void left(String node, String member, String spoken) {
        if (view.forget(node, member)) {
            publish(node, spoken, NOTHING, Optional.empty(), true);
        }
    }

    private Future<Answer.Status> status() {
        return vertx.eventBus()
                .<Answer>request(
                        InternalAddresses.CONTROL,
                        new Command.Status(new Selection.All()),
                        ClusterLink.local(TimeUnit.SECONDS.toMillis(30)))
                .map(reply -> (Answer.Status) reply.body());
    }

    Future<Answer> nodes() {
        return status().map(own -> new Answer.Nodes(Optional.of(name), view.entries(own, version), view.problem()));
    }

    /** Has nodes carry out a command, all at the same time. */
    Future<Answer> ask(OnNodes wanted, Peer peer) {
        Set<String> names = new TreeSet<>();
        switch (wanted.nodes()) {
            case Selection.All() -> {
                names.add(name);
                view.all().forEach(known -> names.add(known.name()));
            }
            case Selection.Named(List<String> given) -> names.addAll(given);
        }
        Optional<String> unknown = names.stream()
                .filter(node -> !node.equals(name) && view.node(node).isEmpty())
                .findFirst();
        if (unknown.isPresent()) {
            return Future.succeededFuture(new Answer.Refused(
                    ErrorCode.NOT_FOUND,
                    "no node is called '" + unknown.get() + "'",
                    Optional.of("'bunctl nodes' shows those there are")));
        }
        List<Future<NodeAnswer>> answers = new ArrayList<>();
        names.forEach(node -> answers.add(ask(node, wanted.command(), peer)));
        return Future.all(answers).map(all -> new Answer.OfNodes(all.list()));
    }

    private Future<NodeAnswer> ask(String node, Command command, Peer peer) {
        JsonObject body = new JsonObject(MessageCodec.toMap(command));
        if (node.equals(name)) {
            return incoming.ask(peer, body).map(answer -> new NodeAnswer(node, Optional.empty(), read(answer)));
        }
        NodeView.Known known = view.node(node).orElseThrow();
        if (!known.isReachable()) {
            return Future.succeededFuture(unreachable(known, command));
        }
        Order order = Order.of(UUID.randomUUID().toString(), name, peer, body);
        return outgoing.ask(known.member(), order).map(answer -> answered(node, command, answer));
    }

    private NodeAnswer answered(String node, Command command, Answer answer) {
        Optional<NodeView.Known> now = view.node(node);
        boolean isLost =
                answer instanceof Answer.Refused(ErrorCode code, var _, var _) && code == ErrorCode.UNREACHABLE;
        if (isLost
                && command instanceof Command.Status
                && now.isPresent()
                && !now.get().isReachable()) {
            return unreachable(now.get(), command);
        }
        return new NodeAnswer(node, isLost ? now.flatMap(NodeView.Known::unreachableSince) : Optional.empty(), answer);
    }

    private static NodeAnswer unreachable(NodeView.Known known, Command command) {
        Answer answer = command instanceof Command.Status
                ? known.status()
                : new Answer.Refused(
                        ErrorCode.UNREACHABLE,
                        "unreachable since " + known.unreachableSince().orElseThrow(),
                        Optional.empty());
        return new NodeAnswer(known.name(), known.unreachableSince(), answer);
    }

    private static Answer read(JsonObject body) {
        try {
            return MessageCodec.toAnswer(JsonValues.plain(body));
        } catch (MalformedMessageException impossible) {
            throw new IllegalStateException("this daemon understands its own answers", impossible);
        }
    }

    /**
     * Leaves the cluster.
     *
     * @param forGood whether the others are to forget this node
     */
    Future<Void> close(boolean forGood) {
        if (forGood) {
            tell(message(Told.Kind.LEAVES));
        }
        closed = true;
        watching.close();
        outgoing.close();
        for (Long timer : Arrays.asList(telling, asking)) {
            if (timer != null) {
                boolean _ = vertx.cancelTimer(timer);
            }
        }
        return events.unregister().eventually(link::close);
    }
}
