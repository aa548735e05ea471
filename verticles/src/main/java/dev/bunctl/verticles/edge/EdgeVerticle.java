package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.AppEvent;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.server.BridgeTraffic;
import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.JsonValues;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.server.Permissions;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.access.AuditLog;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.log.LogReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Serves the public addresses: bodies are checked and parsed here, once, and only typed commands go inside. */
public final class EdgeVerticle extends VerticleBase implements ConnectionListener {
    private static final System.Logger LOG = System.getLogger(EdgeVerticle.class.getName());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    /** More steps than there are from the control verticle to a socket. */
    private static final int TURNS = 16;

    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(2);

    private final LogReader logs;
    private final Path logFolder;
    private final AuditLog audit;
    private final String version;
    private final Sessions sessions = new Sessions();
    private final Follows follows = new Follows();
    private final BridgeTraffic traffic = new BridgeTraffic();
    private final Recent recent = new Recent();
    private final Promise<Void> idle = Promise.promise();
    private @Nullable LogTopics topics;
    private @Nullable MetricsTopic metrics;
    private @Nullable LogReadings readings;
    private @Nullable NodesTopic nodes;
    private Consumer<Metrics> samples = _ -> {};
    private boolean idleAsked;
    private int underWay;

    /**
     * @param logFolder where the logs of apps are that name no place of their own
     * @param audit hears of every command, and of who came in
     */
    public EdgeVerticle(LogReader logs, Path logFolder, AuditLog audit, String version) {
        this.audit = audit;
        this.logs = logs;
        this.logFolder = logFolder;
        this.version = version;
    }

    @Override
    public Future<?> start() {
        Inside door = new Inside(vertx.eventBus(), audit);
        InstantSource clock = InstantSource.system();
        topics = new LogTopics(vertx, door, logs, logFolder, clock, follows);
        metrics = new MetricsTopic(vertx, door, clock, this::sampled);
        NodeLogs ofNodes = new NodeLogs(vertx, door, clock);
        LogReadings asked = new LogReadings(vertx, door, logs, logFolder, clock, follows);
        readings = asked;
        NodesTopic told = new NodesTopic(vertx.eventBus());
        nodes = told;
        LogCommand past = new LogCommand(door, logs, logFolder, clock, follows, ofNodes);
        CommandLines words = new CommandLines(vertx.eventBus(), door, sessions, past, version);
        vertx.eventBus().<Object>localConsumer(Protocol.ARGV, message -> replyTo(message, words.run(message)));
        vertx.eventBus()
                .<Object>localConsumer(
                        Protocol.COMMAND, message -> replyTo(message, typed(door, past, asked, message)));
        vertx.eventBus().<NodeNews>localConsumer(InternalAddresses.NEWS, message -> {
            ofNodes.heard(message.body());
            told.heard(message.body());
        });
        vertx.eventBus().<Object>localConsumer(Protocol.INPUT, this::input);
        vertx.eventBus()
                .<Command>localConsumer(
                        InternalAddresses.RECENT, message -> message.reply(recent.answer(message.body()), LOCAL));
        vertx.eventBus().<InstanceEvent>localConsumer(InternalAddresses.EVENTS, message -> publish(message.body()));
        return Future.succeededFuture();
    }

    /** A consumer that does not reply keeps its asker waiting, so whatever goes wrong becomes a reply. */
    private void replyTo(Message<Object> message, Future<JsonObject> reply) {
        underWay++;
        reply.onComplete(result -> {
            underWay--;
            if (result.failed()) {
                LOG.log(System.Logger.Level.ERROR, "a request failed", result.cause());
                message.fail(ErrorCode.INTERNAL.exitCode(), "a failure inside bunctl: " + result.cause());
            } else {
                message.reply(result.result());
            }
            if (underWay == 0 && idleAsked) {
                idle.tryComplete();
            }
        });
    }

    /**
     * Begins to keep what instances use and what happens to them, for {@link Command.UsageHistory} and
     * {@link Command.RecentEvents}, or ends that.
     *
     * @param onSample takes each sample while it is kept
     */
    public void keepRecent(boolean on, Consumer<Metrics> onSample) {
        samples = onSample;
        recent.keep(on);
        if (metrics != null) {
            metrics.keep(on);
        }
    }

    private void sampled(Metrics sample) {
        recent.add(sample);
        samples.accept(sample);
    }

    private static Future<JsonObject> typed(
            Inside door, LogCommand past, LogReadings readings, Message<Object> message) {
        Answer.Refused malformed;
        try {
            if (message.body() instanceof JsonObject body) {
                Command command = MessageCodec.toCommand(JsonValues.plain(body));
                Future<Answer> answer = switch (command) {
                    case Command.Logs logs -> past.read(message, logs);
                    case LogReading reading -> readings.answer(message, reading);
                    case Command other -> door.ask(message, other);
                };
                return answer.map(EdgeVerticle::json);
            }
            malformed = new Answer.Refused(ErrorCode.INVALID, "an object expected", Optional.empty());
        } catch (MalformedMessageException | IllegalArgumentException e) {
            malformed = new Answer.Refused(ErrorCode.INVALID, String.valueOf(e.getMessage()), Optional.empty());
        }
        return Future.succeededFuture(json(malformed));
    }

    private static JsonObject json(Answer answer) {
        return object(MessageCodec.toMap(answer));
    }

    @SuppressWarnings("NullAway") // Vert.x's JSON takes null members, which its types do not say
    static JsonObject object(Map<String, @Nullable Object> map) {
        return new JsonObject(map);
    }

    private void input(Message<Object> message) {
        String connection = message.headers().get(Peer.CONNECTION);
        if (message.body() instanceof JsonObject body && connection != null) {
            sessions.input(connection, JsonValues.plain(body));
        }
    }

    private void publish(InstanceEvent event) {
        InstanceSnapshot snapshot = event.snapshot();
        follows.heard(snapshot);
        AppEvent said = new AppEvent(
                event.at(),
                event.type(),
                snapshot.instance(),
                snapshot.state(),
                snapshot.identity().isPresent()
                        ? OptionalLong.of(snapshot.identity().get().pid())
                        : OptionalLong.empty(),
                snapshot.generation(),
                snapshot.restarts(),
                snapshot.exitCode(),
                snapshot.reason());
        recent.add(said);
        var _ = vertx.eventBus().publish(Protocol.EVENTS, object(MessageCodec.toMap(said)), LOCAL);
    }

    /**
     * Ends follows; completes when every request has been answered and every reply handed to its connection, or after
     * {@link #LONGEST_LEAVE}.
     *
     * @param handedOver whether another daemon takes over, which goes on with what is followed
     */
    public Future<Void> idle(boolean handedOver) {
        // First the replies that are on their way: a command that ends the daemon must not look cancelled.
        return settled()
                .compose(_ -> audit.written())
                .compose(_ -> settled())
                .compose(_ -> {
                    if (handedOver) {
                        sessions.leaveAll();
                    } else {
                        sessions.cancelAll();
                    }
                    if (readings != null) {
                        readings.closeAll();
                    }
                    idleAsked = true;
                    return underWay == 0 ? Future.<Void>succeededFuture() : idle.future();
                })
                .timeout(LONGEST_LEAVE.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "requests are left unanswered", cause))
                .otherwiseEmpty()
                .compose(_ -> settled());
    }

    /** Lets replies go on their way through the bus, which takes a turn of the event loop each step. */
    private Future<Void> settled() {
        Promise<Void> turns = Promise.promise();
        turn(TURNS, turns);
        return turns.future();
    }

    private void turn(int left, Promise<Void> turns) {
        if (left == 0) {
            turns.complete();
        } else {
            vertx.runOnContext(_ -> turn(left - 1, turns));
        }
    }

    @Override
    public void admitted(Peer peer) {
        audit.admitted(peer);
    }

    @Override
    public void turnedAway(String from, String why) {
        audit.turnedAway(from, why);
    }

    @Override
    public BridgeTraffic traffic() {
        return traffic;
    }

    @Override
    public void registered(Peer peer, String address) {
        // That a command line has a session for what it prints is no news beside the command.
        if (Permissions.isTopic(address)) {
            audit.registered(peer, address);
        }
        if (topics != null) {
            topics.registered(address);
        }
        if (metrics != null) {
            metrics.registered(address);
        }
        if (nodes != null) {
            nodes.registered(address);
        }
    }

    @Override
    public void registrationRefused(Peer peer, String address, String why) {
        audit.registrationRefused(peer, address, why);
    }

    @Override
    public void unregistered(String address) {
        if (topics != null) {
            topics.unregistered(address);
        }
        if (metrics != null) {
            metrics.unregistered(address);
        }
        if (nodes != null) {
            nodes.unregistered(address);
        }
    }

    @Override
    public void closed(String connection, Peer peer, Set<String> addresses) {
        addresses.forEach(this::unregistered);
        sessions.closed(connection);
    }
}
