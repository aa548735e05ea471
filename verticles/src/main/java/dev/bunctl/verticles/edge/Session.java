package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One command's stream of output. Text goes out only against credit, counted in bytes of UTF-8, so a client that does
 * not read holds up its own command alone. Used from one event loop.
 */
final class Session {
    /** Most bytes of text in one message. */
    static final int MAX_PIECE = 64 * 1024;

    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final int LONGEST_CODE_POINT = 4;

    private final String id;
    private final String connection;
    private final EventBus bus;
    private final Promise<Void> cancelled = Promise.promise();
    private final Promise<Void> left = Promise.promise();
    private boolean resumable;
    private long credit = Protocol.INITIAL_CREDIT;
    private String text = "";
    private String stream = "out";
    private int sent;
    private @Nullable Promise<Void> taken;
    private @Nullable JsonObject resume;

    /** @param connection that it belongs to: nobody else has a say in it */
    Session(String id, String connection, EventBus bus) {
        this.id = id;
        this.connection = connection;
        this.bus = bus;
    }

    String id() {
        return id;
    }

    String connection() {
        return connection;
    }

    /**
     * Sends text to stdout; completes when all of it is on its way. Only one text may be under way.
     *
     * @param place where a later daemon can go on behind this text; it comes with the last piece of it
     */
    Future<Void> out(String more, @Nullable JsonObject place) {
        return write("out", more, place);
    }

    /** Sends text to stderr, see {@link #out}. */
    Future<Void> err(String more, @Nullable JsonObject place) {
        return write("err", more, place);
    }

    private Future<Void> write(String target, String more, @Nullable JsonObject place) {
        if (taken != null) {
            throw new IllegalStateException("a text is under way");
        }
        if (cancelled.future().isComplete()) {
            return Future.failedFuture("cancelled");
        }
        Promise<Void> promise = Promise.promise();
        taken = promise;
        stream = target;
        text = more;
        resume = place;
        sent = 0;
        flush();
        return promise.future();
    }

    /** Takes in credit for more bytes. */
    void grant(long bytes) {
        credit = Math.min(Integer.MAX_VALUE, credit + Math.max(0, bytes));
        flush();
    }

    private void flush() {
        Promise<Void> waiting = taken;
        if (waiting == null) {
            return;
        }
        while (sent < text.length() && credit >= LONGEST_CODE_POINT) {
            int end = piece((int) Math.min(credit, MAX_PIECE));
            JsonObject body = new JsonObject().put(stream, text.substring(sent, end));
            sent = end;
            send(body);
        }
        if (sent == text.length()) {
            if (resume != null) {
                send(new JsonObject());
            }
            taken = null;
            waiting.complete();
        }
    }

    private void send(JsonObject body) {
        if (sent == text.length() && resume != null) {
            body.put("resume", resume);
            resume = null;
        }
        var _ = bus.send(Protocol.SESSION_PREFIX + id, body, LOCAL);
    }

    /** Takes as much text as fits into so many bytes, and pays for it. */
    private int piece(int bytes) {
        int end = sent;
        int size = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            int width = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : LONGEST_CODE_POINT;
            if (size + width > bytes) {
                break;
            }
            size += width;
            end += Character.charCount(point);
        }
        credit -= size;
        return end;
    }

    /** Ends what goes on for this session; work that was accepted goes on. */
    void cancel() {
        if (cancelled.tryComplete()) {
            Promise<Void> waiting = taken;
            taken = null;
            if (waiting != null) {
                waiting.fail("cancelled");
            }
        }
    }

    /** The client can go on with the next daemon where this one left it. */
    void makeResumable() {
        resumable = true;
    }

    /** This daemon makes room for another: what can be resumed stops behind the text under way, the rest is cancelled. */
    void leave() {
        if (resumable) {
            left.tryComplete();
        } else {
            cancel();
        }
    }

    /** Completes when another daemon is to go on with this. */
    Future<Void> left() {
        return left.future();
    }

    /** Completes when the client has cancelled or is gone. */
    Future<Void> cancelled() {
        return cancelled.future();
    }
}
