package dev.bunctl.bridge.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The JSON of what instances used and of what hosts can do. */
final class AccountingCodec {
    private static final String THROTTLED = "throttled_ms";

    private AccountingCodec() {}

    static Map<String, @Nullable Object> toMap(Accounting usage) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("instance", usage.instance());
        body.put("cpu_ms", usage.cpu().toMillis());
        body.put("memory_bytes", usage.memoryBytes());
        body.put("processes", (long) usage.processes());
        usage.held().ifPresent(held -> put(held, body));
        return body;
    }

    private static void put(Accounting.Held held, Map<String, @Nullable Object> body) {
        body.put(THROTTLED, held.throttled().toMillis());
        body.put("held_memory_bytes", orNull(held.heldMemoryBytes()));
        body.put("peak_memory_bytes", orNull(held.peakMemoryBytes()));
        body.put("cpu_pressure_percent", held.cpuPressure());
        body.put("memory_pressure_percent", held.memoryPressure());
        body.put("disk_pressure_percent", held.diskPressure());
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
    }

    static Accounting read(Fields fields) throws MalformedMessageException {
        return new Accounting(
                fields.text("instance"),
                Duration.ofMillis(fields.whole("cpu_ms")),
                fields.whole("memory_bytes"),
                fields.number("processes"),
                fields.has(THROTTLED) ? Optional.of(held(fields)) : Optional.empty());
    }

    private static Accounting.Held held(Fields fields) throws MalformedMessageException {
        return new Accounting.Held(
                Duration.ofMillis(fields.whole(THROTTLED)),
                fields.optionalWhole("held_memory_bytes"),
                fields.optionalWhole("peak_memory_bytes"),
                fields.optionalReal("cpu_pressure_percent").orElse(0.0),
                fields.optionalReal("memory_pressure_percent").orElse(0.0),
                fields.optionalReal("disk_pressure_percent").orElse(0.0));
    }

    /** Each instance as in a status, with what it uses as {@code usage} when it runs. */
    static Map<String, @Nullable Object> toMap(Metrics metrics) {
        Map<String, Accounting> usage = new HashMap<>();
        metrics.usage().forEach(one -> usage.put(one.instance(), one));
        List<@Nullable Object> apps = new ArrayList<>();
        for (InstanceStatus status : metrics.instances()) {
            Map<String, @Nullable Object> app = StatusCodec.status(status);
            Accounting used = usage.get(status.name() + ":" + status.instance());
            if (used != null) {
                app.put("usage", toMap(used));
            }
            apps.add(app);
        }
        Map<String, @Nullable Object> body = MessageCodec.versionedObject();
        body.put("at", metrics.at().toString());
        body.put("apps", apps);
        return body;
    }

    static Map<String, @Nullable Object> toMap(HostCapability capability) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("name", capability.name());
        body.put("available", capability.available());
        body.put("cause", capability.cause());
        return body;
    }

    static HostCapability readCapability(Fields fields) throws MalformedMessageException {
        return new HostCapability(fields.text("name"), fields.flag("available", false), fields.text("cause", ""));
    }
}
