package dev.bunctl.verticles.supervisor.watch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Well when the address answers as expected. Redirects are not followed.
 *
 * @param status the expected one, or empty for any from 200 to 399
 * @param body what the first {@value #MAX_BODY} bytes of the body must contain, or empty
 */
record HttpProbe(
        Shared<HttpClient> clients,
        String url,
        Map<String, String> headers,
        Optional<Integer> status,
        Optional<Pattern> body)
        implements Probe {
    /** Most bytes of a body that are looked at. */
    static final int MAX_BODY = 64 * 1024;

    private static final int FIRST_GOOD = 200;
    private static final int FIRST_BAD = 400;

    @Override
    public Future<Optional<String>> run(Duration timeout) {
        long millis = Math.max(1, timeout.toMillis());
        RequestOptions options;
        try {
            options = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setAbsoluteURI(url)
                    .setConnectTimeout(millis);
        } catch (RuntimeException e) {
            return Future.succeededFuture(Optional.of(url + " is no address: " + e.getMessage()));
        }
        headers.forEach(options::addHeader);
        Future<HttpClientRequest> requesting = clients.get().compose(client -> client.request(options));
        Future<Optional<String>> answered =
                requesting.compose(HttpClientRequest::send).compose(this::judge).timeout(millis, TimeUnit.MILLISECONDS);
        // A server that hangs keeps its connection otherwise; a finished exchange takes no notice.
        answered.onFailure(cause -> requesting.onSuccess(request -> {
            boolean _ = request.reset().succeeded();
        }));
        return answered.otherwise(cause -> Optional.of("GET %s: %s".formatted(url, cause.getMessage())));
    }

    private Future<Optional<String>> judge(HttpClientResponse response) {
        int code = response.statusCode();
        boolean good = status.map(expected -> expected == code).orElse(code >= FIRST_GOOD && code < FIRST_BAD);
        if (!good) {
            return drained(response).map(Optional.of("GET %s: status %d".formatted(url, code)));
        }
        if (body.isEmpty()) {
            return drained(response).map(Optional.empty());
        }
        Pattern pattern = body.get();
        return beginning(response)
                .map(text -> pattern.matcher(text).find()
                        ? Optional.empty()
                        : Optional.of("GET %s: the body does not contain %s".formatted(url, pattern)));
    }

    /** Lets the connection be used again, without keeping what comes. */
    private static Future<Void> drained(HttpClientResponse response) {
        return response.handler(chunk -> {}).end();
    }

    private static Future<String> beginning(HttpClientResponse response) {
        Promise<String> text = Promise.promise();
        Buffer all = Buffer.buffer();
        response.handler(chunk -> {
            int room = MAX_BODY - all.length();
            if (room > 0) {
                Buffer _ = all.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            }
        });
        response.end()
                .onComplete(
                        done -> text.tryComplete(all.toString(StandardCharsets.UTF_8)), cause -> text.tryFail(cause));
        return text.future();
    }
}
