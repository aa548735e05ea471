package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The reply to a command line: the end of the command. */
final class Reply {
    /** The exit code of a command that its user ended, as after SIGINT. */
    static final int CANCELLED = 130;

    private Reply() {}

    static JsonObject of(Rendered rendered) {
        JsonObject reply = new JsonObject().put("version", Protocol.VERSION).put("exit", rendered.exitCode());
        if (!rendered.out().isEmpty()) {
            reply.put("out", rendered.out());
        }
        if (!rendered.err().isEmpty()) {
            reply.put("err", rendered.err());
        }
        return reply;
    }

    /** The next daemon goes on with it; who cannot ask that one takes it as a daemon that was lost. */
    static JsonObject again() {
        return of(new Rendered("", "", ErrorCode.DAEMON_LOST.exitCode())).put("again", true);
    }

    static JsonObject error(ErrorCode code, String detail, Presentation how) {
        return of(Render.error(code, detail, Optional.empty(), how));
    }

    static JsonObject error(ErrorCode code, String detail, String hint, Presentation how) {
        return of(Render.error(code, detail, Optional.of(hint), how));
    }
}
