package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ClusterCommand.OnNodes;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.NodeAnswer;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.server.JsonValues;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.NodeReach;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
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
 * This daemon as a node: tells the others of its apps when something changes, at most once a second, remembers what they tell,
 * and passes commands. Used from the daemon's event loop.
 */
final class Node {
    private static final System.Logger LOG = System.getLogger(Node.class.getName());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final long PAUSE_MS = 1000;
    private static final long LONGEST_PAUSE_MS = 30_000;

    private final Vertx vertx;
    private final ClusterLink link;
    private final String name;
    private final String version;
    private final InstantSource clock;
    private final NodeView view;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final MessageConsumer<InstanceEvent> events;
    private @Nullable Long telling;
    private @Nullable Long asking;
    private long pause = PAUSE_MS;
    private boolean changed;
    private boolean closed;

    private Node(Vertx vertx, ClusterLink link, ClusterSettings settings, String version, InstantSource clock) {
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
        this.events = vertx.eventBus().localConsumer(InternalAddresses.EVENTS, _ -> changed());
    }

    /** Joins; completes when this node hears and is heard. */
    static Future<Node> join(
            Vertx vertx, ClusterLibrary library, ClusterSettings settings, String version, InstantSource clock) {
        return ClusterLink.open(vertx, library, settings).compose(link -> {
            Node node = new Node(vertx, link, settings, version, clock);
            return node.begin()
                    .map(node)
                    .recover(cause -> node.close(false).transform(_ -> Future.failedFuture(cause)));
        });
    }

    private Future<Void> begin() {
        return link.listen(new ClusterLink.Listener() {
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
            publish(node, false);
        });
        outgoing.lost(member);
    }

    private void publish(String node, boolean reachable) {
        var _ = vertx.eventBus().publish(InternalAddresses.REACH, new NodeReach(node, reachable), LOCAL);
    }

    /** Tells and asks anew, more and more rarely, until every member was heard. */
    private void settle() {
        if (closed || asking != null) {
            return;
        }
        changed();
        if (!view.isSettled()) {
            tell(message("asks"));
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
        telling = vertx.setTimer(PAUSE_MS, _ -> {
            telling = null;
            if (changed) {
                changed();
            }
        });
    }

    private void tellStatus() {
        status().onSuccess(status -> tell(message("status").put("status", new JsonObject(MessageCodec.toMap(status)))))
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "the other nodes were not told", cause));
    }

    private JsonObject message(String kind) {
        return new JsonObject()
                .put("version", Order.VERSION)
                .put("kind", kind)
                .put("node", name)
                .put("member", link.member())
                .put("daemon_version", version);
    }

    private void tell(JsonObject message) {
        if (!closed) {
            link.tell(message);
        }
    }

    private void told(Object message) {
        if (closed
                || !(message instanceof JsonObject body)
                || !(body.getValue("node") instanceof String node)
                || !(body.getValue("member") instanceof String member)
                || !(body.getValue("daemon_version") instanceof String spoken)
                || member.equals(link.member())
                || !ClusterSettings.isName(node)) {
            return;
        }
        switch (String.valueOf(body.getValue("kind"))) {
            case "asks" -> changed();
            case "leaves" -> view.forget(node, member);
            case "status" -> heard(node, member, spoken, body);
            default -> LOG.log(System.Logger.Level.DEBUG, "node {0} says what is not known here", node);
        }
    }

    private void heard(String node, String member, String spoken, JsonObject body) {
        if (!link.isMember(member)) {
            return; // its last words, from before it was lost
        }
        Answer.Status status = new Answer.Status(List.of(), List.of(), List.of());
        try {
            if (body.getValue("status") instanceof JsonObject said
                    && MessageCodec.toAnswer(JsonValues.plain(said)) instanceof Answer.Status read) {
                status = read;
            }
        } catch (MalformedMessageException | IllegalArgumentException other) {
            LOG.log(System.Logger.Level.WARNING, "the status of node {0} is not understood here: {1}", node, other);
        }
        boolean isNew = view.node(node).filter(NodeView.Known::isReachable).isEmpty();
        if (view.heard(node, member, spoken, status) && isNew) {
            LOG.log(System.Logger.Level.INFO, "node {0} is reachable", node);
            publish(node, true);
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

    /** Says inside this daemon that its node is there. */
    void announce() {
        publish(name, true);
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
            tell(message("leaves"));
        }
        closed = true;
        outgoing.close();
        for (Long timer : Arrays.asList(telling, asking)) {
            if (timer != null) {
                boolean _ = vertx.cancelTimer(timer);
            }
        }
        return events.unregister().eventually(link::close);
    }
}
