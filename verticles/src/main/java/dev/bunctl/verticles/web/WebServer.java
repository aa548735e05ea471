package dev.bunctl.verticles.web;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.log.LogVolume;
import dev.bunctl.webui.Page;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The HTTP server: page, login, bridge, metrics and health on one port. Made, opened and closed on one event loop. */
final class WebServer {
    /** Of one message of a page. */
    static final int MAX_MESSAGE = 256 * 1024;

    /** On which nothing came, or a page took nothing of what waits for it; nothing of a page's heartbeat either. */
    private static final int IDLE_SECONDS = 60;

    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final long READY_WITHIN_MILLIS = 2_000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Vertx vertx;
    private final WebAccess access;
    private final Scrape scrape;
    private final EventBusDoor door;
    private final LoginRoutes login;
    private final Map<String, Page.File> files;
    private final Invitations invitations = new Invitations(InstantSource.system());
    private final HttpServer server;
    private final MessageConsumer<InstanceEvent> events;
    private final Visits visits;
    private long heart;
    private long due;

    WebServer(
            Vertx vertx,
            WebAccess access,
            WebSessions sessions,
            ConnectionListener listener,
            LogVolume logs,
            Map<String, Page.File> files,
            WebLimits limits) {
        this.vertx = vertx;
        this.access = access;
        this.files = files;
        this.visits = new Visits(vertx, limits);
        this.scrape = new Scrape(logs, listener.traffic());
        this.door = new EventBusDoor(vertx, sessions, listener, scrape, visits, limits);
        InstantSource clock = InstantSource.system();
        this.login = new LoginRoutes(
                sessions,
                invitations,
                access.authenticator(),
                new LoginRate(clock),
                listener,
                access.tls().isPresent());
        this.server = vertx.createHttpServer(options(access));
        this.events = vertx.eventBus().localConsumer(InternalAddresses.EVENTS, message -> scrape.add(message.body()));
    }

    private static HttpServerOptions options(WebAccess access) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(access.host())
                .setPort(access.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setWriteIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxWebSocketMessageSize(MAX_MESSAGE)
                // One request at a time on a connection, so that limits on connections are limits on all.
                .setUseAlpn(false)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(false);
        access.tls().ifPresent(shown -> {
            options.setSsl(true)
                    .setSslHandshakeTimeout(HANDSHAKE.toSeconds())
                    .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                    .setKeyCertOptions(shown.identity());
            shown.clients()
                    .ifPresent(authority ->
                            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(authority));
        });
        return options;
    }

    /** Begins to listen; the result is the port. */
    Future<Integer> open() {
        due = System.nanoTime() + HEARTBEAT.toNanos();
        heart = vertx.setPeriodic(HEARTBEAT.toMillis(), _ -> beat());
        server.connectionHandler(visits::opened);
        return server.requestHandler(router()).listen().map(HttpServer::actualPort);
    }

    /** A timer that comes late tells how late everything comes. */
    private void beat() {
        long now = System.nanoTime();
        scrape.delayed(Duration.ofNanos(Math.max(0, now - due)));
        due = now + HEARTBEAT.toNanos();
    }

    private Router router() {
        boolean encrypted = access.tls().isPresent();
        Router router = Router.router(vertx);
        router.route().handler(visits::began);
        router.route().handler(new SecurityHeaders(encrypted));
        router.get("/healthz").handler(context -> Replies.text(context, "ok\n"));
        router.get("/readyz").handler(this::ready);
        if (access.openMetrics()) {
            router.get("/metrics").handler(this::metrics);
        } else {
            router.get("/metrics").handler(login::requireAnyLogin).handler(this::metrics);
        }
        login.mount(router);
        router.route("/bus/*").handler(new SameOrigin(encrypted)).handler(login::requireSession);
        door.mount(router);
        router.get().handler(new PageRoutes(files, visits)::handle);
        router.route().handler(context -> Replies.problem(context, NOT_FOUND, "there is nothing here"));
        router.route().failureHandler(WebServer::failed);
        return router;
    }

    private static void failed(RoutingContext context) {
        int status = context.statusCode() < 0 ? 500 : context.statusCode();
        if (!context.response().ended()) {
            Replies.problem(context, status, "the request failed");
        }
    }

    private void ready(RoutingContext context) {
        DeliveryOptions soon = new DeliveryOptions().setLocalOnly(true).setSendTimeout(READY_WITHIN_MILLIS);
        var _ = vertx.eventBus()
                .<Answer>request(InternalAddresses.CONTROL, new Command.Ping(), soon)
                .onComplete(answer -> {
                    if (answer.failed()) {
                        context.response().setStatusCode(UNAVAILABLE);
                    }
                    Replies.text(context, answer.succeeded() ? "ready\n" : "not ready\n");
                });
    }

    private void metrics(RoutingContext context) {
        var _ = context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, Scrape.type())
                .end(scrape.text());
    }

    /** How many clients are connected, of whatever kind. */
    int connections() {
        return visits.count();
    }

    /** How many of them are pages. */
    int pages() {
        return door.pages();
    }

    /** Characters that wait to be taken by pages. */
    long waiting() {
        return door.waiting();
    }

    /** Makes a code that logs in once. */
    String invite(Peer.Bearer peer) {
        return invitations.invite(peer);
    }

    /** Takes a sample of what instances use. */
    void sampled(Metrics sample) {
        scrape.add(sample);
    }

    /** Ends the connections of sessions that are over. */
    void dropEnded() {
        door.dropEnded();
    }

    /** Closes every connection and listens no more. */
    Future<Void> close() {
        boolean _ = vertx.cancelTimer(heart);
        return events.unregister().eventually(server::close).onComplete(_ -> scrape.close());
    }
}
