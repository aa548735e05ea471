package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.verticles.access.SettingsStore;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.NodesWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes this daemon a node and ends that, as the settings and commands say. Nothing of a cluster is loaded while it is in none.
 * Used from one event loop.
 */
public final class ClusterSwitch {
    private static final System.Logger LOG = System.getLogger(ClusterSwitch.class.getName());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final SettingsStore settings;
    private final Path jars;
    private final String version;
    private final InstantSource clock;
    private Future<?> last = Future.succeededFuture();
    private @Nullable Node node;
    private Optional<String> problem = Optional.empty();
    private boolean watched;
    private boolean closed;

    /** @param jars folder of what a cluster needs */
    public ClusterSwitch(Vertx vertx, SettingsStore settings, Path jars, String version, InstantSource clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.jars = jars;
        this.version = version;
        this.clock = clock;
    }

    /** Takes commands, and joins if the settings say so; does not wait for that. */
    public void begin() {
        vertx.eventBus()
                .<Command>localConsumer(
                        InternalAddresses.CLUSTER,
                        message -> answer(message)
                                .onComplete(
                                        done -> message.reply(done, LOCAL),
                                        cause -> message.fail(
                                                ErrorCode.INTERNAL.exitCode(), String.valueOf(cause.getMessage()))));
        vertx.eventBus().<NodesWatch>localConsumer(InternalAddresses.WATCH, message -> {
            watched = message.body().on();
            if (node != null) {
                node.watch(watched);
            }
        });
        if (wanted().isPresent()) {
            last = tryToJoin();
        }
    }

    private Optional<ClusterSettings> wanted() {
        return settings.settings().cluster().filter(ClusterSettings::enabled);
    }

    private Future<Void> tryToJoin() {
        Optional<ClusterSettings> wanted = wanted();
        if (closed || node != null || wanted.isEmpty()) {
            return Future.succeededFuture();
        }
        return join(wanted.get()).otherwise(cause -> {
            if (problem.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "this node is not in its cluster", cause);
            }
            problem = Optional.of("This node is not in its cluster: " + cause.getMessage());
            long _ = vertx.setTimer(RETRY.toMillis(), _ -> last = last.transform(_ -> tryToJoin()));
            return null;
        });
    }

    private Future<Void> join(ClusterSettings wanted) {
        return Node.join(vertx, new ClusterLibrary(jars), wanted, version, clock)
                .compose(joined -> {
                    problem = Optional.empty();
                    if (closed) {
                        return joined.close(false);
                    }
                    node = joined;
                    joined.watch(watched);
                    LOG.log(System.Logger.Level.INFO, "this is node {0}", wanted.node());
                    return Future.succeededFuture();
                });
    }

    private Future<Answer> answer(Message<Command> message) {
        if (!(message.body() instanceof ClusterCommand command)) {
            return Future.failedFuture(new IllegalArgumentException("not about the cluster"));
        }
        return switch (command) {
            case ClusterCommand.ShowNodes() -> nodes();
            case ClusterCommand.OnNodes onNodes ->
                Peer.readFrom(message.headers())
                        .map(peer -> ask(onNodes, peer))
                        .orElseGet(() -> refused(ErrorCode.FORBIDDEN, "nobody asks", Optional.empty()));
            case ClusterCommand.Join join -> inTurn(() -> changed(join));
            case ClusterCommand.Leave() -> inTurn(this::leave);
        };
    }

    /** One after the other: each begins where the one before has come to. */
    private Future<Answer> inTurn(Supplier<Future<Answer>> order) {
        Future<Answer> done = last.transform(_ -> order.get());
        last = done;
        return done;
    }

    private Future<Answer> nodes() {
        Node joined = node;
        return joined != null
                ? joined.nodes()
                : Future.succeededFuture(new Answer.Nodes(wanted().map(ClusterSettings::node), List.of(), problem()));
    }

    private Optional<String> problem() {
        return wanted().isEmpty() ? Optional.empty() : problem.or(() -> Optional.of("This node is about to join."));
    }

    /** A daemon that has just begun is asked when it has joined, or could not. */
    private Future<Answer> ask(ClusterCommand.OnNodes command, Peer peer) {
        return node != null || last.isComplete() ? askNow(command, peer) : last.transform(_ -> askNow(command, peer));
    }

    private Future<Answer> askNow(ClusterCommand.OnNodes command, Peer peer) {
        Node joined = node;
        if (joined != null) {
            return joined.ask(command, peer);
        }
        return refused(
                ErrorCode.UNREACHABLE,
                problem().orElse("this daemon is in no cluster"),
                wanted().isPresent() ? Optional.empty() : Optional.of("'bunctl cluster enable' makes it a node"));
    }

    private Future<Answer> changed(ClusterCommand.Join join) {
        ClusterSettings next;
        try {
            next = merged(settings.settings().cluster(), join);
        } catch (IllegalArgumentException invalid) {
            return refused(ErrorCode.INVALID, String.valueOf(invalid.getMessage()), Optional.empty());
        }
        if (settings.problem().isPresent()) {
            return refused(ErrorCode.INVALID, settings.problem().get(), Optional.of("mend the file first"));
        }
        return shut(false)
                .compose(_ -> join(next))
                .compose(_ -> settings.change(now -> now.with(next)))
                .compose(_ -> nodes())
                .recover(cause -> shut(false)
                        .compose(_ -> tryToJoin())
                        .compose(_ -> refused(
                                ErrorCode.BROKEN,
                                "this daemon cannot become a node: " + cause.getMessage(),
                                Optional.of("nothing was saved"))));
    }

    private static ClusterSettings merged(Optional<ClusterSettings> former, ClusterCommand.Join join) {
        Endpoint before = former.map(ClusterSettings::endpoint)
                .orElse(new Endpoint(Endpoint.LOOPBACK, ClusterSettings.DEFAULT_PORT));
        int port = join.port().orElse(before.port());
        boolean samePort = former.isPresent() && port == before.port();
        return new ClusterSettings(
                true,
                join.node(),
                join.join(),
                new Endpoint(join.address().orElse(before.address()), port),
                samePort ? former.get().busPort() : port + 1,
                join.tls().or(() -> former.flatMap(ClusterSettings::tls)),
                former.map(ClusterSettings::peers).orElse(ClusterSettings.PeerRole.OPERATOR),
                former.map(ClusterSettings::unreachableAfter).orElse(ClusterSettings.DEFAULT_UNREACHABLE_AFTER),
                former.flatMap(ClusterSettings::hazelcast));
    }

    private Future<Answer> leave() {
        Optional<ClusterSettings> former = settings.settings().cluster();
        if (former.isEmpty() || !former.get().enabled()) {
            return shut(true).compose(_ -> nodes());
        }
        return settings.change(now -> now.with(former.get().enabled(false)))
                .compose(_ -> shut(true))
                .compose(_ -> nodes());
    }

    private static Future<Answer> refused(ErrorCode code, String why, Optional<String> hint) {
        return Future.succeededFuture(new Answer.Refused(code, why, hint));
    }

    private Future<Void> shut(boolean forGood) {
        Node joined = node;
        node = null;
        return joined == null ? Future.succeededFuture() : joined.close(forGood);
    }

    /**
     * Ends with this daemon; the next one joins again.
     *
     * @param inOrder whether the others are told: one that makes room for another does not wait for that, and its connections end
     *     with it
     */
    public Future<Void> close(boolean inOrder) {
        closed = true;
        return inOrder ? shut(false) : Future.succeededFuture();
    }
}
