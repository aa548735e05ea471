package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.eventbus.EventBus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions that have a command under way. Used from one event loop. */
final class Sessions {
    /** Sessions of one connection at one time. */
    static final int MAX_PER_CONNECTION = 64;

    private final Map<String, Session> byId = new HashMap<>();

    /** Opens a session; empty when the id is taken or the connection has too many. */
    Optional<Session> open(String id, String connection, EventBus bus) {
        long others = byId.values().stream()
                .filter(session -> session.connection().equals(connection))
                .count();
        if (byId.containsKey(id) || others >= MAX_PER_CONNECTION) {
            return Optional.empty();
        }
        Session session = new Session(id, connection, bus);
        byId.put(id, session);
        return Optional.of(session);
    }

    void end(Session session) {
        byId.remove(session.id(), session);
    }

    /** Takes in the body of {@link Protocol#INPUT}. What is for a session that has ended meanwhile is void. */
    void input(String connection, Map<String, @Nullable Object> body) {
        if (!(body.get("session") instanceof String id)) {
            return;
        }
        Session session = byId.get(id);
        if (session == null || !session.connection().equals(connection)) {
            return;
        }
        if (body.get("credit") instanceof Long bytes) {
            session.grant(bytes);
        }
        if (Boolean.TRUE.equals(body.get("cancel"))) {
            session.cancel();
        }
    }

    /** Cancels all that a connection began. */
    void closed(String connection) {
        List<Session> mine = byId.values().stream()
                .filter(session -> session.connection().equals(connection))
                .toList();
        mine.forEach(Session::cancel);
    }

    /** Another daemon takes over. */
    void leaveAll() {
        List.copyOf(byId.values()).forEach(Session::leave);
    }

    /** Cancels everything: the daemon ends. */
    void cancelAll() {
        List.copyOf(byId.values()).forEach(Session::cancel);
    }
}
