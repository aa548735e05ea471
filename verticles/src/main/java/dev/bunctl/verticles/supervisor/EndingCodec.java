package dev.bunctl.verticles.supervisor;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Cause;
import dev.bunctl.verticles.lifecycle.Ending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@link Ending} as JSON. Reading throws what senseless JSON makes its readers throw. */
final class EndingCodec {
    private EndingCodec() {}

    static JsonObject encode(Ending ending) {
        JsonObject json = new JsonObject()
                .put("generation", ending.generation())
                .put("pid", ending.pid())
                .put("at", ending.at().toString())
                .put("cause", encode(ending.cause()))
                .put("uptime_ms", ending.uptime().toMillis())
                .put("decision", ending.decision())
                .put("last_lines", new JsonArray(ending.lastLines()));
        ending.status().ifPresent(status -> json.put("status", encode(status)));
        return json;
    }

    static JsonObject encode(Cause cause) {
        return new JsonObject().put("kind", cause.kind().name()).put("text", cause.text());
    }

    private static JsonObject encode(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Code(int code) -> new JsonObject().put("code", code);
            case ExitStatus.Killed(Signal signal, boolean dumped) ->
                new JsonObject().put("signal", signal.name()).put("dumped", dumped);
            case ExitStatus.Unknown() -> new JsonObject();
        };
    }

    static Ending decode(JsonObject json) {
        return new Ending(
                json.getInteger("generation"),
                json.getLong("pid"),
                Instant.parse(json.getString("at")),
                cause(json.getJsonObject("cause")),
                Optional.ofNullable(json.getJsonObject("status")).map(EndingCodec::status),
                Duration.ofMillis(json.getLong("uptime_ms")),
                json.getString("decision"),
                json.getJsonArray("last_lines").stream().map(String.class::cast).toList());
    }

    static Cause cause(JsonObject json) {
        return new Cause(CrashRecord.Kind.valueOf(json.getString("kind")), json.getString("text"));
    }

    private static ExitStatus status(JsonObject json) {
        if (json.containsKey("code")) {
            return new ExitStatus.Code(json.getInteger("code"));
        }
        if (json.containsKey("signal")) {
            return new ExitStatus.Killed(Signal.valueOf(json.getString("signal")), json.getBoolean("dumped"));
        }
        return new ExitStatus.Unknown();
    }
}
