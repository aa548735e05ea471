package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.NodesWatch;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;

/** Publishes what is new of the nodes of the cluster, as long as somebody is registered for it. Used from one event loop. */
final class NodesTopic {
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final EventBus bus;
    private int subscribers;

    NodesTopic(EventBus bus) {
        this.bus = bus;
    }

    /** Somebody has registered at an address; who does so here is told of all nodes, and the others with them. */
    void registered(String address) {
        if (address.equals(Protocol.NODES)) {
            subscribers++;
            var _ = bus.publish(InternalAddresses.WATCH, new NodesWatch(true), LOCAL);
        }
    }

    /** Somebody has gone from an address. */
    void unregistered(String address) {
        if (address.equals(Protocol.NODES) && --subscribers == 0) {
            var _ = bus.publish(InternalAddresses.WATCH, new NodesWatch(false), LOCAL);
        }
    }

    void heard(NodeNews news) {
        if (subscribers > 0) {
            var _ = bus.publish(Protocol.NODES, EdgeVerticle.object(MessageCodec.toMap(news)), LOCAL);
        }
    }
}
