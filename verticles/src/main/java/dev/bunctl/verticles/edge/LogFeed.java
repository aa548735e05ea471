package dev.bunctl.verticles.edge;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Text of logs, as far as it is asked for. Used from one event loop. */
interface LogFeed {
    /**
     * Some text.
     *
     * @param out for stdout
     * @param err for stderr
     * @param place where another daemon can go on behind it; empty where it cannot or that is no news
     * @param exit with what the command ends behind it, if it does
     */
    record Portion(String out, String err, Optional<JsonObject> place, Optional<Integer> exit) {}

    /** The next text; completes with some when there is some. Only one may be asked for at a time. */
    Future<Portion> next();

    /** Ends it. May be called twice. */
    void close();

    /** A place as it goes to the client. */
    static JsonObject place(String since, JsonObject at) {
        return new JsonObject().put("since", since).put("at", at);
    }
}
