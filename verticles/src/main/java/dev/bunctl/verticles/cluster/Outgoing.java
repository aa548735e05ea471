package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.server.JsonValues;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends orders to other nodes, and asks again, by the same id, as long as the node is there and no answer has come. Used from the
 * daemon's event loop.
 */
final class Outgoing {
    /** Orders without an answer at one time. */
    static final int MAX = 1024;

    private final Sending sending;
    private final Map<String, Pending> pending = new HashMap<>();

    /** The way to a member. */
    interface Sending {
        /** Completes with the answer on the daemon's event loop; fails with a timeout after some seconds. */
        Future<JsonObject> send(String member, JsonObject order);

        /** Does something a moment later. */
        void soon(Runnable task);
    }

    private record Pending(String member, Promise<Answer> answer) {}

    Outgoing(Sending sending) {
        this.sending = sending;
    }

    /** Completes with the answer, or with a refusal when the node is lost. Never fails. */
    Future<Answer> ask(String member, Order order) {
        if (pending.size() >= MAX) {
            return Future.succeededFuture(new Answer.Refused(
                    ErrorCode.LIMIT, "too many commands for other nodes are under way", Optional.empty()));
        }
        Promise<Answer> answer = Promise.promise();
        pending.put(order.id(), new Pending(member, answer));
        send(member, order);
        return answer.future().onComplete(_ -> pending.remove(order.id()));
    }

    private void send(String member, Order order) {
        sending.send(member, order.toJson()).onComplete(result -> {
            if (result.succeeded()) {
                answered(order.id(), read(result.result()));
            } else if (pending.containsKey(order.id())) {
                failed(member, order, result.cause());
            }
        });
    }

    private void failed(String member, Order order, Throwable cause) {
        ReplyFailure type = cause instanceof ReplyException reply ? reply.failureType() : ReplyFailure.ERROR;
        switch (type) {
            case TIMEOUT -> send(member, order.repeated());
            // The member is there but its address is not known yet, as in a cluster that grows together again.
            case NO_HANDLERS ->
                sending.soon(() -> {
                    if (pending.containsKey(order.id())) {
                        send(member, order);
                    }
                });
            case RECIPIENT_FAILURE, ERROR ->
                answered(
                        order.id(),
                        new Answer.Refused(
                                ErrorCode.INTERNAL, "the node failed: " + cause.getMessage(), Optional.empty()));
        }
    }

    private void answered(String id, Answer answer) {
        Pending waiting = pending.get(id);
        if (waiting != null) {
            waiting.answer().complete(answer);
        }
    }

    private static Answer read(JsonObject body) {
        try {
            return MessageCodec.toAnswer(JsonValues.plain(body));
        } catch (MalformedMessageException | IllegalArgumentException other) {
            return new Answer.Refused(
                    ErrorCode.UNSUPPORTED,
                    "the node's answer is not understood here: " + other.getMessage(),
                    Optional.of("is it of another version? 'bunctl nodes' shows them"));
        }
    }

    /** A member is gone: nobody waits for it any longer. */
    void lost(String member) {
        for (Pending waiting : List.copyOf(pending.values())) {
            if (waiting.member().equals(member)) {
                waiting.answer()
                        .complete(new Answer.Refused(
                                ErrorCode.UNREACHABLE,
                                "the node was lost before it answered",
                                Optional.of("whether it did what was asked is not known; it does not do it twice")));
            }
        }
    }

    /** Nobody waits any longer. */
    void close() {
        List.copyOf(pending.values()).forEach(waiting -> lost(waiting.member()));
    }
}
