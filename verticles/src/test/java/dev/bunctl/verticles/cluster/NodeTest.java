package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ClusterCommand.OnNodes;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.LocalCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose neighbours are played by the test. */
@Timeout(60)
class NodeTest {
    private static final Answer.Status NOTHING = new Answer.Status(List.of(), List.of(), List.of());
    private static final Peer USER = new Peer.Node("alpha", "uid 0", Command.Role.ADMIN);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final BlockingQueue<JsonObject> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<NodeNews> news = new LinkedBlockingQueue<>();
    private final FakeLink link = new FakeLink();
    private @Nullable Node node;

    /** Members answer what the test says. */
    private final class FakeLink implements NodeLink {
        private NodeLink.@Nullable Listener listener;
        private JsonObject answer = new JsonObject();

        @Override
        public String member() {
            return "m0";
        }

        @Override
        public boolean isMember(String member) {
            return true;
        }

        @Override
        public Future<Void> listen(Listener all) {
            listener = all;
            return Future.succeededFuture();
        }

        @Override
        public Future<JsonObject> order(String member, JsonObject order) {
            return Future.succeededFuture(answer);
        }

        @Override
        public void tell(JsonObject message) {
            told.add(message);
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    @BeforeEach
    void join() throws Exception {
        LocalCodec.register(vertx.eventBus());
        vertx.eventBus()
                .<Command>localConsumer(
                        InternalAddresses.CONTROL, message -> message.reply(NOTHING, ClusterLink.local(60_000)));
        vertx.eventBus().<NodeNews>localConsumer(InternalAddresses.NEWS, message -> {
            if (!message.body().node().equals("alpha")) {
                news.add(message.body());
            }
        });
        ClusterSettings settings = new ClusterSettings(
                true,
                "alpha",
                List.of("127.0.0.1"),
                new Endpoint(Endpoint.LOOPBACK, ClusterSettings.DEFAULT_PORT),
                ClusterSettings.DEFAULT_PORT + 1,
                Optional.empty(),
                ClusterSettings.PeerRole.OPERATOR,
                Duration.ofSeconds(15),
                Optional.empty());
        node = on(() -> Node.begin(vertx, link, settings, "0.1.0", InstantSource.system()));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private <T> T on(Callable<Future<T>> task) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(_ -> {
            try {
                task.call().onComplete(done);
            } catch (Exception failure) {
                done.fail(failure);
            }
        });
        return done.future().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void hears(JsonObject message) throws Exception {
        var _ = on(() -> {
            NodeLink.Listener listener = link.listener;
            if (listener != null) {
                listener.told(message);
            }
            return Future.succeededFuture();
        });
    }

    private Node node() {
        Node joined = node;
        if (joined == null) {
            throw new AssertionError("not joined");
        }
        return joined;
    }

    private JsonObject toldOf(String kind) throws InterruptedException {
        JsonObject message = told.take();
        while (!kind.equals(message.getString("kind"))) {
            message = told.take();
        }
        return message;
    }

    @Test
    void nodeThatSpeaksAnotherVersion_isShown_andWhatItAnswersIsSaidToBeNotUnderstood() throws Exception {
        hears(Told.of(NOTHING, "beta", "m1", "9.0.0").put("version", 2));
        assertEquals("beta", news.take().node());
        Answer.Nodes nodes = assertInstanceOf(Answer.Nodes.class, on(() -> node().nodes()));
        assertTrue(
                nodes.nodes().stream()
                        .anyMatch(one -> one.name().equals("beta")
                                && one.version().equals("9.0.0")
                                && one.unreachableSince().isEmpty()),
                nodes.toString());

        link.answer = new JsonObject().put("version", 2).put("answer", "sung");
        Answer.OfNodes answers = assertInstanceOf(
                Answer.OfNodes.class,
                on(() -> node().ask(
                                new OnNodes(
                                        new Selection.Named(List.of("beta")), new Command.Stop(new Selection.All())),
                                USER)));
        Answer.Refused refused = assertInstanceOf(
                Answer.Refused.class, answers.answers().getFirst().answer());
        assertEquals(ErrorCode.UNSUPPORTED, refused.code());
    }

    @Test
    void whatIsNotKnown_isIgnored() throws Exception {
        hears(Told.of(Told.Kind.ASKS, "beta", "m1", "0.2.0").put("kind", "sings"));
        hears(new JsonObject().put("kind", "status"));
        hears(Told.of(NOTHING, "gamma", "m2", "0.1.0"));
        assertEquals("gamma", news.take().node());
    }

    @Test
    void whoLooks_isToldWhatIsKnown_andSaysSo_andTheOthersTellAtOnce() throws Exception {
        hears(Told.of(NOTHING, "beta", "m1", "0.1.0"));
        assertEquals("beta", news.take().node());
        var _ = on(() -> {
            node().watch(true);
            return Future.succeededFuture();
        });
        assertEquals("beta", news.take().node());
        assertEquals("alpha", toldOf("watches").getString("node"));
        told.clear();
        hears(Told.of(Told.Kind.WATCHES, "beta", "m1", "0.1.0"));
        assertEquals("alpha", toldOf("status").getString("node"));
        // And again without a change, for who looks wants to see what is used.
        assertEquals("alpha", toldOf("status").getString("node"));
    }

    @Test
    void nodeThatLeaves_isForgotten() throws Exception {
        hears(Told.of(NOTHING, "beta", "m1", "0.1.0"));
        assertEquals("beta", news.take().node());
        hears(Told.of(Told.Kind.LEAVES, "beta", "m1", "0.1.0"));
        assertTrue(news.take().hasLeft());
        Answer.Nodes nodes = assertInstanceOf(Answer.Nodes.class, on(() -> node().nodes()));
        assertEquals(1, nodes.nodes().size());
    }
}
