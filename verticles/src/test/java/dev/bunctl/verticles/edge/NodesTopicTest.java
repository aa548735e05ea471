package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.LocalCodec;
import dev.bunctl.verticles.internal.NodesWatch;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is new of nodes is published while somebody is registered for it, and so long others are asked to tell. */
@Timeout(60)
class NodesTopicTest {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Boolean> watched = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonObject> published = new LinkedBlockingQueue<>();
    private final NodesTopic topic = new NodesTopic(vertx.eventBus());

    @BeforeEach
    void listen() {
        LocalCodec.register(vertx.eventBus());
        vertx.eventBus()
                .<NodesWatch>localConsumer(
                        InternalAddresses.WATCH,
                        message -> watched.add(message.body().on()));
        vertx.eventBus().<JsonObject>localConsumer(Protocol.NODES, message -> published.add(message.body()));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static NodeNews news(String node) {
        return new NodeNews(
                Instant.EPOCH,
                node,
                "0.1.0",
                new Answer.Status(List.of(), List.of(), List.of()),
                Optional.of(Instant.EPOCH),
                false);
    }

    @Test
    void newsOfANode_arePublished_whileSomebodyIsRegistered() throws Exception {
        topic.heard(news("early"));
        topic.registered(Protocol.EVENTS);
        topic.registered(Protocol.NODES);
        assertEquals(true, watched.take());
        topic.heard(news("beta"));
        assertEquals(
                "{\"version\":1,\"at\":\"1970-01-01T00:00:00Z\",\"node\":\"beta\",\"reachable\":false,"
                        + "\"unreachable_since\":\"1970-01-01T00:00:00Z\",\"left\":false,\"daemon_version\":\"0.1.0\","
                        + "\"apps\":[]}",
                published.take().encode());
        topic.registered(Protocol.NODES);
        assertEquals(true, watched.take());
        topic.unregistered(Protocol.NODES);
        topic.heard(news("gamma"));
        assertEquals("gamma", published.take().getString("node"));
        topic.unregistered(Protocol.NODES);
        assertEquals(false, watched.take());
        topic.heard(news("late"));
        topic.registered(Protocol.NODES);
        topic.heard(news("again"));
        assertEquals("again", published.take().getString("node"));
    }
}
