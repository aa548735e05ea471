package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.server.JsonValues;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes orders of other nodes: each once, with no more rights than the settings give to other nodes, and by way of this daemon's
 * own edge, which checks, does and audits them as it does those of its own users. Used from the daemon's event loop.
 */
final class Incoming {
    private static final Duration LONGEST = Duration.ofHours(4);

    private final EventBus bus;
    private final Role most;
    private final AppliedOrders applied;

    /**
     * @param bus the daemon's own
     * @param most what somebody at another node may do here
     */
    Incoming(EventBus bus, Role most, InstantSource clock) {
        this.bus = bus;
        this.most = most;
        this.applied = new AppliedOrders(clock);
    }

    /** Completes with the answer; never fails. */
    Future<JsonObject> take(Object message) {
        Order order;
        try {
            order = Order.read(message);
        } catch (IllegalArgumentException invalid) {
            return refused(ErrorCode.UNSUPPORTED, String.valueOf(invalid.getMessage()));
        }
        if (order.body().containsKey("nodes")) {
            return refused(ErrorCode.INVALID, "a command of another node is for this one alone");
        }
        return readsOnly(order.body()) ? ask(order.peer(most), order.body()) : once(order);
    }

    /** What changes nothing can be done again, and its answer, which may be large, need not be kept. */
    private static boolean readsOnly(JsonObject body) {
        try {
            return MessageCodec.toCommand(JsonValues.plain(body)).role() == Role.OBSERVER;
        } catch (MalformedMessageException | IllegalArgumentException unknown) {
            return true; // the edge refuses it, and says why
        }
    }

    private Future<JsonObject> once(Order order) {
        Optional<Future<JsonObject>> before = applied.find(order.id());
        if (before.isPresent()) {
            return before.get();
        }
        if (!applied.hasRoom()) {
            return refused(ErrorCode.LIMIT, "too many commands of other nodes are under way");
        }
        return applied.take(order.id(), () -> order.again() ? lost() : ask(order.peer(most), order.body()));
    }

    /** It may have come to a daemon that was here before, so it is not done; and if it still comes, it is not done either. */
    private static Future<JsonObject> lost() {
        return refused(
                ErrorCode.UNREACHABLE,
                "the command did not arrive, or its answer was lost: 'describe' shows what is so");
    }

    /** Asks this daemon's own edge for somebody. Never fails. */
    Future<JsonObject> ask(Peer peer, JsonObject body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        peer.writeTo(headers);
        DeliveryOptions options = new DeliveryOptions()
                .setLocalOnly(true)
                .setSendTimeout(LONGEST.toMillis())
                .setHeaders(headers);
        return bus.<JsonObject>request(Protocol.COMMAND, body, options)
                .map(Message::body)
                .recover(cause -> refused(ErrorCode.INTERNAL, "a failure inside bunctl: " + cause.getMessage()));
    }

    private static Future<JsonObject> refused(ErrorCode code, String detail) {
        return Future.succeededFuture(
                new JsonObject(MessageCodec.toMap(new Answer.Refused(code, detail, Optional.empty()))));
    }
}
