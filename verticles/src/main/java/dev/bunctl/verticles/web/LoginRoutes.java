package dev.bunctl.verticles.web;

import dev.bunctl.bridge.server.Authenticator;
import dev.bunctl.bridge.server.ConnectionListener;
import dev.bunctl.bridge.server.Peer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Login by token or invitation, logout, and who is logged in. */
final class LoginRoutes {
    /** Where the session's cookie is sent to. */
    private static final String EVERYWHERE = "/";

    private static final int MAX_BODY = 4096;
    private static final int UNAUTHORIZED = 401;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int TOO_MANY = 429;
    private static final int NO_CONTENT = 204;
    private static final String JSON = "application/json";
    private static final String SESSION = "bunctl.session";
    private static final String BEARER = "Bearer ";

    private final WebSessions sessions;
    private final Invitations invitations;
    private final Authenticator authenticator;
    private final LoginRate rate;
    private final ConnectionListener listener;
    private final boolean encrypted;

    /** @param listener hears of who came in, and who did not */
    LoginRoutes(
            WebSessions sessions,
            Invitations invitations,
            Authenticator authenticator,
            LoginRate rate,
            ConnectionListener listener,
            boolean encrypted) {
        this.sessions = sessions;
        this.invitations = invitations;
        this.authenticator = authenticator;
        this.rate = rate;
        this.listener = listener;
        this.encrypted = encrypted;
    }

    void mount(Router router) {
        SameOrigin ours = new SameOrigin(encrypted);
        // A route of its own each: within one, a body comes before what looks at the request.
        router.post("/login").handler(ours);
        router.post("/login").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
        router.post("/login").handler(this::login);
        router.post("/logout").handler(ours).handler(this::requireSession).handler(this::logout);
        router.get("/session").handler(ours).handler(this::requireSession).handler(this::session);
    }

    /** Hands on what is sent within a session, which {@link #sessionOf} then knows; all else is refused. */
    void requireSession(RoutingContext context) {
        Optional<WebSession> session = session(context.request().getCookie(cookieName(context)));
        if (session.isPresent()) {
            context.put(SESSION, session.get());
            context.next();
        } else {
            Replies.problem(context, UNAUTHORIZED, "login needed");
        }
    }

    private Optional<WebSession> session(@Nullable Cookie cookie) {
        return cookie == null ? Optional.empty() : sessions.find(cookie.getValue());
    }

    /** Hands on what is sent within a session or with a token, as scrapers do. */
    void requireAnyLogin(RoutingContext context) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            requireSession(context);
            return;
        }
        String from = address(context);
        if (!rate.allows(from)) {
            Replies.problem(context, TOO_MANY, "too many failed logins");
        } else if (authorization.startsWith(BEARER)
                && authenticator
                        .authenticate(authorization.substring(BEARER.length()), from)
                        .isPresent()) {
            context.next();
        } else {
            rate.failed(from);
            Replies.problem(context, UNAUTHORIZED, "login needed");
        }
    }

    static WebSession sessionOf(RoutingContext context) {
        return context.get(SESSION);
    }

    static String address(RoutingContext context) {
        return context.request().remoteAddress().hostAddress();
    }

    private void login(RoutingContext context) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.startsWith(JSON)) {
            Replies.problem(context, UNSUPPORTED_TYPE, JSON + " expected");
            return;
        }
        String from = address(context);
        if (!rate.allows(from)) {
            Replies.problem(context, TOO_MANY, "too many failed logins; try again in a minute");
            return;
        }
        Optional<Peer.Bearer> peer = peer(context, from);
        if (peer.isEmpty()) {
            rate.failed(from);
            listener.turnedAway(from, "login_refused");
            Replies.problem(context, UNAUTHORIZED, "no such token");
            return;
        }
        listener.admitted(peer.get());
        context.response().addCookie(cookie(context, sessions.open(peer.get()), WebSessions.LIFETIME.toSeconds()));
        tell(context, peer.get());
    }

    private Optional<Peer.Bearer> peer(RoutingContext context, String from) {
        JsonObject body;
        try {
            body = context.body().asJsonObject();
        } catch (DecodeException | ClassCastException malformed) {
            return Optional.empty();
        }
        if (body == null) {
            return Optional.empty();
        }
        if (body.getValue("code") instanceof String code) {
            return invitations.accept(code);
        }
        return body.getValue("token") instanceof String token
                ? authenticator.authenticate(token, from)
                : Optional.empty();
    }

    private void logout(RoutingContext context) {
        sessions.close(sessionOf(context));
        context.response().addCookie(cookie(context, "", 0)).setStatusCode(NO_CONTENT);
        var _ = context.response().end();
    }

    private void session(RoutingContext context) {
        tell(context, sessionOf(context).peer(address(context)));
    }

    private static void tell(RoutingContext context, Peer.Bearer peer) {
        Replies.json(
                context,
                Replies.versioned()
                        .put("name", peer.name())
                        .put("role", peer.role().name().toLowerCase(Locale.ROOT)));
    }

    /** Cookies know no ports, and a host may have several daemons. Browsers keep names with that prefix encrypted. */
    private String cookieName(RoutingContext context) {
        return (encrypted ? "__Host-bunctl-" : "bunctl-")
                + context.request().localAddress().port();
    }

    private Cookie cookie(RoutingContext context, String secret, long seconds) {
        return Cookie.cookie(cookieName(context), secret)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure(encrypted)
                .setPath(EVERYWHERE)
                .setMaxAge(seconds);
    }
}
