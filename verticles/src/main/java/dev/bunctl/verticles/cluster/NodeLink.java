package dev.bunctl.verticles.cluster;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** The way to the other members of a cluster. Used from the daemon's event loop, where everything comes that comes of it. */
interface NodeLink {
    /** What comes from the others. */
    interface Listener {
        /** An order for this node; completes with the answer. */
        Future<JsonObject> order(Object message);

        /** Something that a node tells all. */
        void told(Object message);

        void joined(String member);

        void left(String member);
    }

    /** The id of this node's membership. */
    String member();

    boolean isMember(String member);

    /** Begins to listen; tells of those that are there already, too. */
    Future<Void> listen(Listener listener);

    /** Sends an order; completes with the answer, fails when none comes in time. */
    Future<JsonObject> order(String member, JsonObject order);

    /** Tells every node. */
    void tell(JsonObject message);

    Future<Void> close();
}
