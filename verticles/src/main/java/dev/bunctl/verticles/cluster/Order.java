package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.server.Peer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * One command on its way to another node.
 *
 * @param id by which it is known when it is sent again
 * @param again whether it was sent before
 * @param node who sends it
 * @param user who asked there
 * @param role what that user may do there
 * @param body the public message
 */
record Order(String id, boolean again, String node, String user, Role role, JsonObject body) {
    /** Version of the form. One that adds members keeps it. */
    static final int VERSION = 1;

    static final int MAX_TEXT = 256;

    static Order of(String id, String node, Peer peer, JsonObject body) {
        return new Order(id, false, node, cut(peer.describe()), peer.role(), body);
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }

    Order repeated() {
        return new Order(id, true, node, user, role, body);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("version", VERSION)
                .put("id", id)
                .put("again", again)
                .put("node", node)
                .put("user", user)
                .put("role", role.name().toLowerCase(Locale.ROOT))
                .put("body", body);
    }

    /** @throws IllegalArgumentException when it is of another version or not valid */
    static Order read(Object message) {
        if (!(message instanceof JsonObject object)) {
            throw new IllegalArgumentException("an object expected");
        }
        if (!Integer.valueOf(VERSION).equals(object.getValue("version"))) {
            throw new IllegalArgumentException("version " + object.getValue("version")
                    + " of the messages between nodes is not spoken here, only version " + VERSION);
        }
        if (object.getValue("id") instanceof String id
                && id.length() <= MAX_TEXT
                && object.getValue("node") instanceof String node
                && object.getValue("user") instanceof String user
                && object.getValue("role") instanceof String role
                && object.getValue("body") instanceof JsonObject body) {
            return new Order(
                    id,
                    Boolean.TRUE.equals(object.getValue("again")),
                    cut(node),
                    cut(user),
                    Role.valueOf(role.toUpperCase(Locale.ROOT)),
                    body);
        }
        throw new IllegalArgumentException("id, node, user, role and body expected");
    }

    /** Who asks, with no more than other nodes may do here. */
    Peer.Node peer(Role most) {
        return new Peer.Node(node, user, role.compareTo(most) < 0 ? role : most);
    }
}
