package dev.bunctl.verticles.web;

import dev.bunctl.webui.Page;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The files of the page. Only names that the build has listed are known, so no path leads anywhere else. */
final class PageRoutes {
    private static final int NOT_MODIFIED = 304;
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_EACH_TIME = "no-cache";

    private final Map<String, Page.File> files;
    private final Visits visits;

    PageRoutes(Map<String, Page.File> files, Visits visits) {
        this.files = files;
        this.visits = visits;
    }

    void handle(RoutingContext context) {
        String path = context.request().path();
        Page.File file = files.get(path.equals("/") ? Page.INDEX : path.substring(1));
        if (file == null) {
            context.next();
            return;
        }
        HttpServerResponse response = context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, file.immutable() ? FOR_EVER : ASK_EACH_TIME)
                .putHeader(HttpHeaders.ETAG, file.tag())
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader(HttpHeaders.CONTENT_TYPE, file.type());
        if (file.tag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            var _ = response.setStatusCode(NOT_MODIFIED).end();
        } else if (takesGzip(context)) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            visits.answer(context, Buffer.buffer(file.compressed()));
        } else {
            visits.answer(context, Buffer.buffer(file.content()));
        }
    }

    private static boolean takesGzip(RoutingContext context) {
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null && accepted.contains("gzip");
    }
}
