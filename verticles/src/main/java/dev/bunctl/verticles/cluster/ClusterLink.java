package dev.bunctl.verticles.cluster;

import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.conf.daemon.MutualTls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Vert.x that is clustered, with its event bus between the nodes. Everything that comes from it comes on the daemon's event
 * loop. Nothing is kept in the cluster's shared maps by us: whoever reaches Hazelcast's port can read those.
 */
final class ClusterLink implements NodeLink {
    /**
     * What is behind it is the id of a member: names could be taken twice. Nothing is published at one address for all, because who
     * is registered there is remembered by each member, and of a member that comes back at once, remembered wrongly.
     */
    private static final String PREFIX = "bunctl.node.";

    /** Takes an {@link Order}. */
    private static final String ORDER = ".order";

    /** Takes what nodes tell. */
    private static final String TOLD = ".told";

    /** An order is sent again after this. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long LONGEST_LEAVE_SECONDS = 2;
    private static final System.Logger LOG = System.getLogger(ClusterLink.class.getName());

    private final Context home;
    private final Vertx clustered;
    private final ClusterManager manager;

    private ClusterLink(Context home, Vertx clustered, ClusterManager manager) {
        this.home = home;
        this.clustered = clustered;
        this.manager = manager;
    }

    static DeliveryOptions local(long timeoutMillis) {
        return new DeliveryOptions().setLocalOnly(true).setSendTimeout(timeoutMillis);
    }

    /** Joins the cluster. Fails when this host cannot, not when no other node is there. */
    static Future<ClusterLink> open(Vertx vertx, ClusterLibrary library, ClusterSettings settings) {
        Context home = vertx.getOrCreateContext();
        Promise<ClusterLink> opened = Promise.promise();
        // On a thread of its own: it blocks for a second, and a Vert.x is not to be made on another one's context.
        Thread.ofPlatform().daemon().name("bunctl-cluster").start(() -> {
            try {
                if (settings.tls().isPresent()) {
                    NodeCertificate.check(settings.tls().get().certificate(), settings.node());
                }
                ClusterManager manager = library.manager(configuration(settings));
                Vertx.builder()
                        .with(options(settings))
                        .withClusterManager(manager)
                        .buildClustered()
                        .map(clustered -> new ClusterLink(home, clustered, manager))
                        .onSuccess(opened::complete)
                        .onFailure(opened::fail);
            } catch (IOException | RuntimeException | LinkageError failure) {
                opened.fail(failure);
            }
        });
        return at(home, opened.future());
    }

    private static String configuration(ClusterSettings settings) throws IOException {
        return settings.hazelcast().isPresent()
                ? Files.readString(settings.hazelcast().get(), StandardCharsets.UTF_8)
                : HazelcastText.of(settings);
    }

    private static VertxOptions options(ClusterSettings settings) {
        EventBusOptions bus = new EventBusOptions()
                .setHost(settings.endpoint().address())
                .setPort(settings.busPort())
                .setClusterPublicHost(settings.endpoint().address())
                .setClusterPublicPort(settings.busPort());
        settings.tls().ifPresent(tls -> encrypt(bus, tls));
        return new VertxOptions()
                .setEventBusOptions(bus)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }

    private static void encrypt(EventBusOptions bus, MutualTls tls) {
        // An event bus trusts every server unless it is told not to, and whoever listens would read what is sent.
        bus.setTrustAll(false)
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(tls.certificate().toString())
                        .setKeyPath(tls.key().toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(tls.authority().toString()));
    }

    /** Completes on a context what completes on another. */
    private static <T> Future<T> at(Context context, Future<T> elsewhere) {
        Promise<T> here = Promise.promise();
        elsewhere.onComplete(result -> context.runOnContext(_ -> {
            if (result.succeeded()) {
                here.complete(result.result());
            } else {
                here.fail(result.cause());
            }
        }));
        return here.future();
    }

    @Override
    public String member() {
        return manager.getNodeId();
    }

    @Override
    public boolean isMember(String member) {
        return manager.getNodes().contains(member);
    }

    @Override
    public Future<Void> listen(Listener listener) {
        manager.nodeListener(new NodeListener() {
            @Override
            public void nodeAdded(String member) {
                home.runOnContext(_ -> listener.joined(member));
            }

            @Override
            public void nodeLeft(String member) {
                home.runOnContext(_ -> listener.left(member));
            }
        });
        MessageConsumer<Object> orders = clustered
                .eventBus()
                .consumer(
                        PREFIX + member() + ORDER,
                        message -> home.runOnContext(
                                _ -> listener.order(message.body()).onSuccess(message::reply)));
        MessageConsumer<Object> told = clustered
                .eventBus()
                .consumer(PREFIX + member() + TOLD, message -> home.runOnContext(_ -> listener.told(message.body())));
        return at(home, Future.all(List.of(orders.completion(), told.completion())))
                .onSuccess(_ -> others().forEach(listener::joined))
                .mapEmpty();
    }

    @Override
    public Future<JsonObject> order(String member, JsonObject order) {
        return at(
                home,
                clustered
                        .eventBus()
                        .<JsonObject>request(
                                PREFIX + member + ORDER,
                                order,
                                new DeliveryOptions().setSendTimeout(PATIENCE.toMillis()))
                        .map(Message::body));
    }

    @Override
    public void tell(JsonObject message) {
        others().forEach(member -> {
            var _ = clustered.eventBus().send(PREFIX + member + TOLD, message);
        });
    }

    private List<String> others() {
        return manager.getNodes().stream()
                .filter(member -> !member.equals(member()))
                .toList();
    }

    @Override
    public Future<Void> close() {
        return at(home, clustered.close())
                .timeout(LONGEST_LEAVE_SECONDS, TimeUnit.SECONDS)
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "the cluster was not left in order", cause))
                .otherwiseEmpty();
    }
}
