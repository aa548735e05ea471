package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.WireException;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.net.NetSocket;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client. Everything happens on the server's event loop. */
final class BridgeConnection implements FrameDecoder.Sink {
    /** A request without a {@code timeout} header waits this long, in milliseconds: a year, for a follow has no end. */
    static final long LONGEST_WAIT = 365L * 24 * 3600 * 1000;

    private final String id;
    private final Peer peer;
    private final BridgeServer server;
    private final NetSocket socket;
    private final Vertx vertx;
    private final EventBus bus;
    private final BridgeLimits limits;
    private final Outbox outbox;
    private final @Nullable TokenBucket rate;
    private int framesRead;
    private final Map<String, MessageConsumer<Object>> consumers = new LinkedHashMap<>();
    private final Map<String, Message<Object>> awaitingReply = new LinkedHashMap<>();
    private int pendingRequests;
    private boolean pausedForClient;
    private boolean pausedForRate;
    private boolean closed;

    BridgeConnection(String id, Peer peer, BridgeServer server, NetSocket socket, Vertx vertx) {
        this.id = id;
        this.peer = peer;
        this.server = server;
        this.socket = socket;
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.limits = server.limits();
        this.outbox = new Outbox(vertx, socket, limits, server.backlog(), this::drained, this::cutOff);
        int perSecond = limits.framesPerSecond();
        this.rate = perSecond == 0 ? null : new TokenBucket(perSecond, perSecond, System.nanoTime());
    }

    /** To be called when all frames that had come were handed over: decides whether more are read. */
    void afterRead() {
        if (outbox.isFull()) {
            pausedForClient = true;
        }
        long wait = rate == null ? 0 : rate.take(framesRead, System.nanoTime());
        framesRead = 0;
        if (wait > 0 && !pausedForRate) {
            pausedForRate = true;
            long _ = vertx.setTimer(wait, expired -> {
                pausedForRate = false;
                readOn();
            });
        }
        if (pausedForClient || pausedForRate) {
            var _ = socket.pause();
        }
    }

    private void drained() {
        if (pausedForClient) {
            pausedForClient = false;
            readOn();
        }
    }

    private void readOn() {
        if (!closed && !pausedForClient && !pausedForRate) {
            var _ = socket.resume();
        }
    }

    /** Lets go of everything; once. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        Set<String> addresses = Set.copyOf(consumers.keySet());
        consumers.values().forEach(BridgeConnection::unregister);
        consumers.clear();
        awaitingReply.values().forEach(message -> message.fail(ReplyFailure.ERROR.toInt(), "connection closed"));
        awaitingReply.clear();
        server.closed(this, addresses);
    }

    /** Ends the connection with a word why. */
    void end(String why) {
        if (!closed) {
            outbox.closeWith(Map.of("type", "err", "message", why));
            close();
        }
    }

    private void cutOff() {
        if (!closed) {
            server.traffic().cut();
            end("slow_consumer: connection closed");
        }
    }

    String id() {
        return id;
    }

    Peer peer() {
        return peer;
    }

    private static void unregister(MessageConsumer<Object> consumer) {
        var _ = consumer.unregister();
    }

    @Override
    public void oversized(long length) {
        refuse("frame_too_large: " + length + " bytes, at most " + limits.frameBytes(), null);
    }

    @Override
    public void frame(byte[] bytes, int length) {
        if (closed) {
            return;
        }
        framesRead++;
        server.traffic().receive();
        Map<String, @Nullable Object> frame;
        try {
            frame = Json.readObject(bytes, 0, length);
        } catch (WireException malformed) {
            refuse("invalid_json: " + malformed.getMessage(), null);
            return;
        }
        if (!(frame.get("type") instanceof String type)) {
            refuse("unknown_type", frame);
            return;
        }
        if (type.equals("ping")) {
            send(Map.of("type", "pong"));
        } else if (frame.get("address") instanceof String address && !address.isEmpty()) {
            dispatch(type, address, frame);
        } else {
            refuse(isKnown(type) ? "missing_address" : "unknown_type", frame);
        }
    }

    private static boolean isKnown(String type) {
        return switch (type) {
            case "send", "publish", "register", "unregister" -> true;
            default -> false;
        };
    }

    private void dispatch(String type, String address, Map<String, @Nullable Object> frame) {
        switch (type) {
            case "send" -> receiveSend(address, frame);
            case "publish" -> receivePublish(address, frame);
            case "register" -> register(address, frame);
            case "unregister" -> unregister(address, frame);
            default -> refuse("unknown_type", frame);
        }
    }

    private void receiveSend(String address, Map<String, @Nullable Object> frame) {
        Message<Object> awaited = awaitingReply.get(address);
        if (awaited == null && !server.permissions().allowsInbound(address)) {
            refuse("access_denied", frame);
            return;
        }
        DeliveryOptions options = options(frame);
        if (options == null) {
            return;
        }
        if (awaited != null) {
            awaitingReply.remove(address);
            reply(awaited, frame, options);
        } else if (frame.get("replyAddress") instanceof String replyAddress) {
            request(address, replyAddress, frame, options);
        } else {
            var _ = bus.send(address, JsonValues.body(frame.get("body")), options);
        }
    }

    private static void reply(Message<Object> awaited, Map<String, @Nullable Object> frame, DeliveryOptions options) {
        if (frame.get("failureCode") instanceof Long code) {
            awaited.fail(code.intValue(), String.valueOf(frame.get("message")));
        } else {
            awaited.reply(JsonValues.body(frame.get("body")), options);
        }
    }

    private void request(
            String address, String replyAddress, Map<String, @Nullable Object> frame, DeliveryOptions options) {
        if (pendingRequests >= limits.pendingRequests()) {
            refuse("too_many_requests: at most " + limits.pendingRequests() + " without reply", frame);
            return;
        }
        pendingRequests++;
        var _ = bus.request(address, JsonValues.body(frame.get("body")), options)
                .onComplete(
                        reply -> {
                            pendingRequests--;
                            deliver(replyAddress, reply, true);
                        },
                        failure -> {
                            pendingRequests--;
                            failed(address, replyAddress, failure);
                        });
    }

    private void failed(String address, String replyAddress, Throwable failure) {
        Map<String, @Nullable Object> frame = new LinkedHashMap<>();
        frame.put("type", "err");
        frame.put("address", replyAddress);
        frame.put("sourceAddress", address);
        boolean isReply = failure instanceof ReplyException;
        frame.put("failureCode", isReply ? (long) ((ReplyException) failure).failureCode() : -1L);
        frame.put(
                "failureType",
                isReply ? ((ReplyException) failure).failureType().name() : ReplyFailure.ERROR.name());
        frame.put("message", failure.getMessage());
        send(frame);
    }

    private void receivePublish(String address, Map<String, @Nullable Object> frame) {
        if (!server.permissions().allowsInbound(address)) {
            refuse("access_denied", frame);
            return;
        }
        DeliveryOptions options = options(frame);
        if (options != null) {
            var _ = bus.publish(address, JsonValues.body(frame.get("body")), options);
        }
    }

    private void register(String address, Map<String, @Nullable Object> frame) {
        if (consumers.containsKey(address)) {
            return;
        }
        String refusal = registrationRefusal(address);
        if (refusal != null) {
            server.registrationRefused(address, this, refusal);
            refuse(refusal, frame);
            return;
        }
        consumers.put(address, bus.localConsumer(address, message -> deliver(address, message, message.isSend())));
        server.registered(address, this);
    }

    /** Why it cannot be registered; null, and the address is its own, when it can. */
    private @Nullable String registrationRefusal(String address) {
        if (!server.permissions().allowsOutbound(address)) {
            return "access_denied";
        }
        if (consumers.size() >= limits.subscriptions()) {
            return "too_many_subscriptions: at most " + limits.subscriptions();
        }
        return server.claim(address, this) ? null : "address_taken";
    }

    private void unregister(String address, Map<String, @Nullable Object> frame) {
        MessageConsumer<Object> consumer = consumers.remove(address);
        if (consumer == null) {
            refuse(server.permissions().allowsOutbound(address) ? "unknown_address" : "access_denied", frame);
            return;
        }
        unregister(consumer);
        server.unregistered(address, this);
    }

    private void deliver(String address, Message<Object> message, boolean isSend) {
        if (closed) {
            return;
        }
        Map<String, @Nullable Object> frame = new LinkedHashMap<>();
        frame.put("type", "message");
        frame.put("address", address);
        String replyAddress = message.replyAddress();
        if (replyAddress != null) {
            frame.put("replyAddress", replyAddress);
            awaitReply(replyAddress, message);
        }
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> {
            if (!name.startsWith(Peer.RESERVED)) {
                headers.put(name, value);
            }
        });
        frame.put("headers", headers);
        frame.put("send", isSend);
        try {
            frame.put("body", JsonValues.plain(message.body()));
        } catch (IllegalArgumentException notJson) {
            refuse("body_not_json: " + notJson.getMessage(), frame);
            return;
        }
        if (isSend) {
            send(frame);
        } else {
            server.traffic().send(outbox.offer(frame));
        }
    }

    private void awaitReply(String replyAddress, Message<Object> message) {
        if (awaitingReply.size() >= limits.pendingReplies()) {
            Iterator<Message<Object>> eldest = awaitingReply.values().iterator();
            eldest.next().fail(ReplyFailure.ERROR.toInt(), "too many messages wait for a reply");
            eldest.remove();
        }
        awaitingReply.put(replyAddress, message);
    }

    /** The client's headers and the peer's; null, and an error frame sent, when they are not valid. */
    private @Nullable DeliveryOptions options(Map<String, @Nullable Object> frame) {
        DeliveryOptions options =
                new DeliveryOptions().setSendTimeout(LONGEST_WAIT).setLocalOnly(true);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (frame.get("headers") instanceof Map<?, ?> given) {
            for (Map.Entry<?, ?> entry : given.entrySet()) {
                String name = String.valueOf(entry.getKey());
                Object value = entry.getValue();
                if (name.regionMatches(true, 0, Peer.RESERVED, 0, Peer.RESERVED.length())) {
                    refuse("reserved_header: " + name, frame);
                    return null;
                } else if (name.equals("timeout")) {
                    if (!(value instanceof Long timeout) || timeout < 1 || timeout > LONGEST_WAIT) {
                        refuse("invalid_timeout", frame);
                        return null;
                    }
                    options.setSendTimeout(timeout);
                } else if (!name.equals("codecName") && !name.equals("localOnly")) {
                    headers.set(name, String.valueOf(value));
                }
            }
        }
        headers.set(Peer.CONNECTION, id);
        peer.writeTo(headers);
        return options.setHeaders(headers);
    }

    /** Says what was wrong with a frame; a request is told at its reply address. */
    private void refuse(String message, @Nullable Map<String, @Nullable Object> frame) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("type", "err");
        if (frame != null && frame.get("replyAddress") instanceof String replyAddress) {
            error.put("address", replyAddress);
        }
        if (frame != null && frame.get("address") instanceof String address) {
            error.put("sourceAddress", address);
        }
        error.put("message", message);
        send(error);
    }

    private void send(Map<String, ? extends @Nullable Object> frame) {
        if (closed) {
            return;
        }
        boolean taken = outbox.send(frame);
        server.traffic().send(taken);
        if (!taken) {
            cutOff();
        }
    }
}
