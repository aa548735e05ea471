package dev.bunctl.verticles.web;

import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.server.Permissions;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SockJS bridge of the page, over WebSockets alone. Each message gets the headers that say who sent it; what may be asked is
 * decided where every command is. Used from one event loop.
 */
final class EventBusDoor {
    /** Registered addresses and requests under way, of one page. */
    static final int MAX_HANDLERS = 256;

    private static final int MAX_ADDRESS = 512;
    private static final long HEARTBEAT_MILLIS = 25_000;
    private static final long LONGEST_REPLY_MILLIS = 4L * 3600 * 1000;
    private static final int FORBIDDEN = 403;

    /** Whatever else SockJS would offer is for browsers of another time. */
    private static final List<String> OLD_TRANSPORTS = List.of("XHR", "EVENT_SOURCE", "HTML_FILE", "JSON_P");

    private static final Pattern SERVED = Pattern.compile("/bus/(info|[^/.]{1,64}/[^/.]{1,64}/websocket)");

    private final Vertx vertx;
    private final WebSessions sessions;
    private final ConnectionListener listener;
    private final Traffic traffic;
    private final Visits visits;
    private final WebLimits limits;
    private final PageBacklog backlog;
    private final Map<SockJSSocket, PageConnection> connections = new HashMap<>();
    private long lastConnection;

    /** @param listener hears of the connections and what they register for */
    EventBusDoor(
            Vertx vertx,
            WebSessions sessions,
            ConnectionListener listener,
            Traffic traffic,
            Visits visits,
            WebLimits limits) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.listener = listener;
        this.traffic = traffic;
        this.visits = visits;
        this.limits = limits;
        this.backlog = new PageBacklog(vertx, limits);
    }

    void mount(Router router) {
        SockJSHandlerOptions options =
                new SockJSHandlerOptions().setInsertJSESSIONID(false).setHeartbeatInterval(HEARTBEAT_MILLIS);
        OLD_TRANSPORTS.forEach(options::addDisabledTransport);
        SockJSBridgeOptions bridge = new SockJSBridgeOptions()
                .setMaxAddressLength(MAX_ADDRESS)
                .setMaxHandlersPerSocket(MAX_HANDLERS)
                .setPingTimeout(limits.ping().toMillis())
                .setReplyTimeout(LONGEST_REPLY_MILLIS);
        bridge.addInboundPermitted(new PermittedOptions().setAddress(Protocol.COMMAND))
                .addOutboundPermitted(new PermittedOptions().setAddress(Protocol.EVENTS))
                .addOutboundPermitted(new PermittedOptions().setAddress(Protocol.METRICS))
                .addOutboundPermitted(new PermittedOptions().setAddress(Protocol.NODES))
                .addOutboundPermitted(
                        new PermittedOptions().setAddressRegex(Pattern.quote(Protocol.LOGS_PREFIX) + ".+"));
        router.route("/bus/*").handler(EventBusDoor::servedOnly);
        router.route("/bus/*").subRouter(SockJSHandler.create(vertx, options).bridge(bridge, this::heard));
    }

    private static void servedOnly(RoutingContext context) {
        if (SERVED.matcher(context.request().path()).matches()) {
            context.next();
        } else {
            Replies.problem(context, FORBIDDEN, "only WebSockets are served");
        }
    }

    /** How many pages are connected. */
    int pages() {
        return connections.size();
    }

    /** Characters that wait to be taken by all pages. */
    long waiting() {
        return backlog.queued();
    }

    /** Ends the connections of sessions that are over. */
    void dropEnded() {
        List.copyOf(connections.values()).stream()
                .filter(connection -> !sessions.isOpen(connection.session()))
                .forEach(PageConnection::close);
    }

    private void heard(BridgeEvent event) {
        PageConnection connection = connections.get(event.socket());
        switch (event.type()) {
            case SOCKET_CREATED -> event.complete(opened(event.socket()));
            case SOCKET_CLOSED, SOCKET_ERROR -> {
                closed(event.socket());
                event.complete(true);
            }
            case SOCKET_IDLE -> event.complete(true);
            case SOCKET_PING -> {
                dropEnded();
                event.complete(true);
            }
            case SEND -> event.complete(connection != null && sent(connection, event.getRawMessage()));
            case PUBLISH -> event.complete(false);
            case REGISTER -> event.complete(connection != null && mayRegister(connection, event.getRawMessage()));
            case REGISTERED -> {
                registered(connection, event.getRawMessage().getString("address"));
                event.complete(true);
            }
            case UNREGISTER -> event.complete(unregistered(connection, event.getRawMessage()));
            case RECEIVE -> {
                // The bridge would write without regard to what waits already.
                if (connection != null) {
                    connection.deliver(event.getRawMessage());
                    backlog.bound(connections.values());
                }
                event.complete(false);
            }
        }
    }

    private boolean opened(SockJSSocket socket) {
        if (connections.size() >= limits.pages()) {
            return false;
        }
        visits.upgraded(socket.routingContext().request().connection());
        WebSession session = LoginRoutes.sessionOf(socket.routingContext());
        String id = "web-" + ++lastConnection;
        connections.put(socket, new PageConnection(id, session, socket, traffic, backlog));
        traffic.connections(connections.size());
        return true;
    }

    private void closed(SockJSSocket socket) {
        PageConnection connection = connections.remove(socket);
        if (connection != null) {
            connection.ends();
            traffic.connections(connections.size());
            listener.closed(connection.id(), connection.peer(), Set.copyOf(connection.addresses()));
        }
    }

    /** Whether a message may go on; it then says who sent it. */
    private boolean sent(PageConnection connection, JsonObject message) {
        traffic.received();
        if (!sessions.isOpen(connection.session())) {
            connection.close();
            return false;
        }
        Object reply = message.getValue("replyAddress");
        if (!(message.getValue("address") instanceof String)
                || !(reply == null || reply instanceof String)
                || forgesHeaders(message.getValue("headers"))) {
            return false;
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(Peer.CONNECTION, connection.id());
        connection.peer().writeTo(headers);
        JsonObject set = new JsonObject();
        headers.forEach((name, value) -> set.put(name, value));
        message.put("headers", set);
        return true;
    }

    private static boolean forgesHeaders(@Nullable Object headers) {
        return headers instanceof JsonObject object
                && object.fieldNames().stream()
                        .anyMatch(name -> name.regionMatches(true, 0, Peer.RESERVED, 0, Peer.RESERVED.length()));
    }

    /** Whether the bridge should decide; it refuses what is no topic, and says so. */
    private boolean mayRegister(PageConnection connection, JsonObject message) {
        if (!(message.getValue("address") instanceof String address)) {
            return false;
        }
        if (!Permissions.isTopic(address)) {
            listener.registrationRefused(connection.peer(), address, "access_denied");
        }
        return true;
    }

    private void registered(@Nullable PageConnection connection, String address) {
        if (connection != null && connection.addresses().add(address)) {
            listener.registered(connection.peer(), address);
        }
    }

    private boolean unregistered(@Nullable PageConnection connection, JsonObject message) {
        if (!(message.getValue("address") instanceof String address)) {
            return false;
        }
        if (connection != null && connection.addresses().remove(address)) {
            listener.unregistered(address);
        }
        return true;
    }
}
