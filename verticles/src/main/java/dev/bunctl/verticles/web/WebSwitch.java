package dev.bunctl.verticles.web;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.daemon.Tls;
import dev.bunctl.conf.daemon.Tls.Certificate;
import dev.bunctl.conf.daemon.WebSettings;
import dev.bunctl.verticles.access.Access;
import dev.bunctl.verticles.edge.EdgeVerticle;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.log.LogVolume;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes the web page, as the settings and commands say. Nothing of a web server is loaded while it is closed. Used from
 * one event loop.
 */
public final class WebSwitch {
    private static final System.Logger LOG = System.getLogger(WebSwitch.class.getName());
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** The name of whoever came by a link that a command made. */
    private static final String INVITED = "local";

    private final Vertx vertx;
    private final Path home;
    private final Access access;
    private final EdgeVerticle edge;
    private final LogVolume logs;
    private Future<?> last = Future.succeededFuture();
    private @Nullable OpenPage page;
    private boolean closed;

    /** @param edge serves the public addresses, and keeps what the page shows of the past */
    public WebSwitch(Vertx vertx, Path home, Access access, EdgeVerticle edge, LogVolume logs) {
        this.vertx = vertx;
        this.home = home;
        this.access = access;
        this.edge = edge;
        this.logs = logs;
    }

    /** Opens the page if the settings say so; where that cannot be done now, later. Never fails. */
    public Future<Void> begin() {
        vertx.eventBus().<Command>localConsumer(InternalAddresses.WEB, message -> {
            Future<Answer> answer = message.body() instanceof Command.Web web
                    ? answer(web)
                    : Future.failedFuture(new IllegalArgumentException("not for the web page"));
            answer.onComplete(
                    done -> message.reply(done, LOCAL),
                    cause -> message.fail(ErrorCode.INTERNAL.exitCode(), String.valueOf(cause.getMessage())));
        });
        access.tokens().onEnded(this::tokenEnded);
        return settings().enabled() ? tryToOpen() : Future.succeededFuture();
    }

    private WebSettings settings() {
        return access.settings().settings().web();
    }

    private Future<Void> tryToOpen() {
        return open(settings()).otherwise(cause -> {
            LOG.log(System.Logger.Level.WARNING, "the web page is not open: {0}", cause.getMessage());
            long _ = vertx.setTimer(RETRY.toMillis(), _ -> {
                if (!closed && page == null && settings().enabled()) {
                    var _ = tryToOpen();
                }
            });
            return null;
        });
    }

    private Future<Void> open(WebSettings wanted) {
        return OpenPage.open(vertx, home, access, wanted, edge, logs).compose(opened -> {
            if (closed) {
                return opened.close();
            }
            page = opened;
            edge.keepRecent(true, opened::sampled);
            LOG.log(System.Logger.Level.INFO, "the web page is at {0}", opened.url());
            return Future.succeededFuture();
        });
    }

    private void tokenEnded(String name) {
        if (page != null) {
            page.tokenEnded(name);
        }
    }

    /** One after the other: each begins where the one before has come to. */
    private Future<Answer> answer(Command.Web web) {
        Future<Answer> done = last.transform(_ -> changed(web));
        last = done;
        return done;
    }

    private Future<Answer> changed(Command.Web web) {
        WebSettings wanted;
        try {
            wanted = wanted(web);
        } catch (IllegalArgumentException invalid) {
            return refused(ErrorCode.INVALID, String.valueOf(invalid.getMessage()));
        }
        if (wanted.equals(settings()) && (page != null) == wanted.enabled()) {
            return Future.succeededFuture(told());
        }
        return shut().compose(_ -> wanted.enabled() ? open(wanted) : Future.succeededFuture())
                .compose(_ -> access.settings().change(now -> now.with(reached(wanted))))
                .<Answer>map(_ -> told())
                .recover(cause -> refused(ErrorCode.BROKEN, "the web page cannot be opened: " + cause.getMessage()));
    }

    private WebSettings wanted(Command.Web web) {
        WebSettings now = settings();
        Endpoint endpoint = new Endpoint(
                web.address().orElse(now.endpoint().address()),
                web.port().orElse(now.endpoint().port()));
        boolean bare = now.tls().certificate() instanceof Certificate.None;
        Tls tls = bare && !endpoint.isLoopback() ? Tls.OWN : now.tls();
        return new WebSettings(web.on(), endpoint, tls, now.openMetrics());
    }

    /** With the port that was found free, for the next daemon is looked for there. */
    private WebSettings reached(WebSettings wanted) {
        OpenPage opened = page;
        return opened == null
                ? wanted
                : new WebSettings(
                        wanted.enabled(),
                        new Endpoint(wanted.endpoint().address(), opened.port()),
                        wanted.tls(),
                        wanted.openMetrics());
    }

    private Answer told() {
        OpenPage opened = page;
        if (opened == null) {
            return Answer.Web.CLOSED;
        }
        String code = opened.invite(new Peer.Bearer(INVITED, Role.ADMIN, "a command"));
        return new Answer.Web(
                Optional.of(opened.url() + "#login=" + code), Optional.of(opened.endpoint()), opened.fingerprint());
    }

    private static Future<Answer> refused(ErrorCode code, String why) {
        return Future.succeededFuture(new Answer.Refused(code, why, Optional.of("nothing was saved")));
    }

    private Future<Void> shut() {
        OpenPage opened = page;
        page = null;
        edge.keepRecent(false, _ -> {});
        return opened == null ? Future.succeededFuture() : opened.close();
    }

    /** Closes the page for this daemon; the next one opens it again. */
    public Future<Void> close() {
        closed = true;
        return shut();
    }
}
