package dev.bunctl.verticles.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lets through only what the page itself sent: another site may make a browser send requests, but not lie about its origin. */
final class SameOrigin implements Handler<RoutingContext> {
    private static final int FORBIDDEN = 403;

    private final boolean encrypted;

    SameOrigin(boolean encrypted) {
        this.encrypted = encrypted;
    }

    @Override
    public void handle(RoutingContext context) {
        if (isOurs(context.request())) {
            context.next();
        } else {
            Replies.problem(context, FORBIDDEN, "the request comes from another origin");
        }
    }

    private boolean isOurs(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        // Browsers leave the origin out only where nothing is changed and no socket is opened.
        return origin == null ? !needsOrigin(request) : isSame(origin, request.authority());
    }

    private static boolean needsOrigin(HttpServerRequest request) {
        return opensSocket(request) || !request.method().name().equals("GET");
    }

    /** Whether it may become a socket: what a client offers of HTTP/2 stays a plain request here. */
    private static boolean opensSocket(HttpServerRequest request) {
        List<String> upgrades = request.headers().getAll(HttpHeaders.UPGRADE);
        return upgrades.stream().anyMatch(upgrade -> !upgrade.equalsIgnoreCase("h2c"));
    }

    private boolean isSame(String origin, @Nullable HostAndPort host) {
        return host != null
                && origin.toLowerCase(Locale.ROOT)
                        .equals((encrypted ? "https://" : "http://")
                                + host.toString().toLowerCase(Locale.ROOT));
    }
}
