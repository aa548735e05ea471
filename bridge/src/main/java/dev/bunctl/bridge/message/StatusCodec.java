package dev.bunctl.bridge.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The JSON of what an instance is doing, and of changes to it. */
final class StatusCodec {
    private StatusCodec() {}

    static Map<String, @Nullable Object> status(InstanceStatus status) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", (long) status.id());
        body.put("name", status.name());
        body.put("instance", (long) status.instance());
        body.put("namespace", status.namespace());
        body.put("pid", orNull(status.pid()));
        body.put("state", status.state().wireName());
        body.put("generation", (long) status.generation());
        body.put("restarts", (long) status.restarts());
        body.put("uptime_ms", status.uptimeMillis());
        body.put("cpu_percent", status.cpuPercent().orElse(null));
        body.put("memory_bytes", orNull(status.memoryBytes()));
        body.put("exit_code", orNull(status.exitCode()));
        body.put("reason", status.reason());
        body.put("out_log", status.outLog());
        body.put("err_log", status.errLog());
        return body;
    }

    static InstanceStatus readStatus(Fields fields) throws MalformedMessageException {
        return new InstanceStatus(
                fields.number("id"),
                fields.text("name"),
                fields.number("instance"),
                fields.text("namespace", "default"),
                fields.optionalWhole("pid"),
                fields.constant("state", InstanceStatus.State.values()),
                fields.number("generation", 0),
                fields.number("restarts"),
                fields.whole("uptime_ms"),
                fields.optionalReal("cpu_percent"),
                fields.optionalWhole("memory_bytes"),
                fields.optionalNumber("exit_code"),
                fields.text("reason", ""),
                fields.text("out_log", ""),
                fields.text("err_log", ""));
    }

    static Map<String, @Nullable Object> event(AppEvent event) {
        Map<String, @Nullable Object> body = MessageCodec.versionedObject();
        body.put("at", event.at().toString());
        body.put("type", event.type());
        body.put("instance", event.instance());
        body.put("state", event.state().wireName());
        body.put("pid", orNull(event.pid()));
        body.put("generation", (long) event.generation());
        body.put("restarts", (long) event.restarts());
        body.put("exit_code", orNull(event.exitCode()));
        body.put("reason", event.reason());
        return body;
    }

    static AppEvent readEvent(Fields fields) throws MalformedMessageException {
        return new AppEvent(
                fields.instant("at"),
                fields.text("type"),
                fields.text("instance"),
                fields.constant("state", InstanceStatus.State.values()),
                fields.optionalWhole("pid"),
                fields.number("generation"),
                fields.number("restarts"),
                fields.optionalNumber("exit_code"),
                fields.text("reason"));
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
    }

    private static @Nullable Long orNull(OptionalInt value) {
        return value.isPresent() ? Long.valueOf(value.getAsInt()) : null;
    }
}
