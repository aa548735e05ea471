package dev.bunctl.verticles.web;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/** What every answer tells the browser: nothing but what this daemon serves runs in the page, and nobody frames it. */
final class SecurityHeaders implements Handler<RoutingContext> {
    /** Scripts make no HTML of text, so what an app prints or is called stays text. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String ONE_YEAR = "max-age=31536000";

    private final boolean encrypted;

    /** @param encrypted whether the page is served over TLS, and is to be from then on */
    SecurityHeaders(boolean encrypted) {
        this.encrypted = encrypted;
    }

    @Override
    public void handle(RoutingContext context) {
        MultiMap headers = context.response().headers();
        headers.set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Opener-Policy", "same-origin")
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
                .set("Cache-Control", "no-store");
        if (encrypted) {
            headers.set("Strict-Transport-Security", ONE_YEAR);
        }
        context.next();
    }
}
