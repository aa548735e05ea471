package dev.bunctl.verticles.access;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.server.Authenticator;
import dev.bunctl.bridge.server.BridgeLimits;
import dev.bunctl.bridge.server.BridgeServer;
import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.server.Permissions;
import dev.bunctl.bridge.server.TcpAccess;
import dev.bunctl.conf.daemon.BridgeSettings;
import dev.bunctl.conf.daemon.Tls.Certificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bridge for other hosts, open or not. One that should listen and cannot (its address is not there yet, its port is taken)
 * is tried again, ever more seldom. Used from one event loop.
 */
public final class BridgeListener {
    private static final System.Logger LOG = System.getLogger(BridgeListener.class.getName());
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final OwnCertificate certificate;
    private final Authenticator authenticator;
    private final ConnectionListener clients;
    private @Nullable Open open;
    private Optional<String> problem = Optional.empty();
    private Duration patience = FIRST_RETRY;
    private long retry;
    private boolean retrying;
    private boolean closed;

    private record Open(BridgeServer server, int port, Optional<String> fingerprint) {}

    private record Shown(Optional<TcpAccess.Tls> tls, Optional<String> fingerprint) {}

    /** @param clients hears of the connections and what they register for */
    public BridgeListener(
            Vertx vertx, OwnCertificate certificate, Authenticator authenticator, ConnectionListener clients) {
        this.vertx = vertx;
        this.certificate = certificate;
        this.authenticator = authenticator;
        this.clients = clients;
    }

    /** Listens as the settings say, and goes on trying where that cannot be done now. Never fails. */
    public Future<Void> begin(BridgeSettings settings) {
        return settings.enabled()
                ? listen(settings).<Void>mapEmpty().otherwise(cause -> {
                    tryAgain(settings, cause);
                    return null;
                })
                : Future.succeededFuture();
    }

    private void tryAgain(BridgeSettings settings, Throwable cause) {
        String why = cause(cause);
        if (!problem.equals(Optional.of(why))) {
            LOG.log(System.Logger.Level.WARNING, "the bridge cannot listen on {0}: {1}", settings.endpoint(), why);
        }
        problem = Optional.of(why);
        retrying = true;
        retry = vertx.setTimer(patience.toMillis(), _ -> {
            retrying = false;
            var _ = begin(settings);
        });
        patience = patience.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : patience.multipliedBy(2);
    }

    private static String cause(Throwable cause) {
        return String.valueOf(cause.getMessage());
    }

    /**
     * Listens as other settings say, now.
     *
     * @return fails with why it cannot; what was open before is open again then
     */
    Future<Void> change(BridgeSettings former, BridgeSettings next) {
        return silence()
                .compose(_ -> next.enabled() ? listen(next) : Future.succeededFuture())
                .recover(cause -> begin(former).compose(_ -> Future.failedFuture(cause)));
    }

    private Future<Void> listen(BridgeSettings settings) {
        return vertx.executeBlocking(() -> shown(settings)).compose(shown -> {
            TcpAccess access = new TcpAccess(
                    settings.endpoint().address(), settings.endpoint().port(), shown.tls(), authenticator);
            BridgeServer server = new BridgeServer(vertx, access, BridgeLimits.REMOTE, Permissions.PUBLIC, clients);
            return server.listen().compose(port -> opened(server, new Open(server, port, shown.fingerprint())));
        });
    }

    private Future<Void> opened(BridgeServer server, Open listening) {
        if (closed) {
            return server.close();
        }
        open = listening;
        problem = Optional.empty();
        patience = FIRST_RETRY;
        return Future.succeededFuture();
    }

    private Shown shown(BridgeSettings settings) throws IOException {
        Optional<Certificate.Files> files = switch (settings.tls().certificate()) {
            case Certificate.Own() -> Optional.of(certificate.files());
            case Certificate.Files given -> Optional.of(given);
            case Certificate.None() -> Optional.empty();
        };
        if (files.isEmpty()) {
            return new Shown(Optional.empty(), Optional.empty());
        }
        Path chain = files.get().chain();
        return new Shown(
                Optional.of(new TcpAccess.Tls(
                        chain, files.get().key(), settings.tls().clientAuthority())),
                Optional.of(OwnCertificate.fingerprint(chain)));
    }

    /** Where it listens, or why not. */
    Answer.Listening view(BridgeSettings settings) {
        Open now = open;
        return new Answer.Listening(
                settings.enabled(),
                settings.endpoint().address(),
                now == null ? settings.endpoint().port() : now.port(),
                settings.tls().kind(),
                settings.tls().clientAuthority().isPresent(),
                now == null ? Optional.empty() : now.fingerprint(),
                problem,
                now == null ? 0 : now.server().connections());
    }

    /** Why it does not listen although it should, in a whole sentence. */
    public Optional<String> warning() {
        return problem.map(why -> "The bridge for other hosts does not listen: " + why + ". It is tried again.");
    }

    /** Ends the connections of a token that is valid no more. */
    public void disconnect(String token) {
        Open now = open;
        if (now != null) {
            now.server()
                    .disconnect(
                            peer -> peer instanceof Peer.Bearer bearer
                                    && bearer.name().equals(token),
                            "token_ended: connection closed");
        }
    }

    /** Closes every connection and the port; for good. */
    public Future<Void> close() {
        closed = true;
        return silence();
    }

    private Future<Void> silence() {
        if (retrying) {
            retrying = !vertx.cancelTimer(retry);
        }
        problem = Optional.empty();
        patience = FIRST_RETRY;
        Open now = open;
        open = null;
        return now == null ? Future.succeededFuture() : now.server().close();
    }
}
