package dev.bunctl.verticles.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The forms of short answers. */
final class Replies {
    static final int VERSION = 1;

    private Replies() {}

    static JsonObject versioned() {
        return new JsonObject().put("version", VERSION);
    }

    static void json(RoutingContext context, JsonObject body) {
        var _ = context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer());
    }

    static void text(RoutingContext context, String text) {
        var _ = context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(text);
    }

    /** {@code {"version":1,"error":"…"}}; says nothing of what was asked for. */
    static void problem(RoutingContext context, int status, String what) {
        context.response().setStatusCode(status);
        json(context, versioned().put("error", what));
    }
}
