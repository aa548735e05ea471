package dev.bunctl.verticles.state;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.WireException;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.codec.SpecFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The desired state as the JSON text of its file, and back. */
final class DesiredStateCodec {
    /**
     * The first brings version 1 to version 2, and so on. A file of every version ever released is read by a test.
     */
    private static final List<UnaryOperator<Map<String, Object>>> MIGRATIONS = List.of();

    /** The form written. */
    static final int VERSION = MIGRATIONS.size() + 1;

    private DesiredStateCodec() {}

    static byte[] print(DesiredState state) {
        List<Object> apps = new ArrayList<>(state.apps().size());
        for (DesiredApp app : state.apps().values()) {
            List<Object> instances = new ArrayList<>(app.instances().size());
            for (DesiredInstance instance : app.instances()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("id", (long) instance.id());
                one.put("number", (long) instance.number());
                one.put("intent", instance.intent().wireName());
                instances.add(one);
            }
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("instances", instances);
            map.put("spec", AppSpecCodec.toMap(app.spec()));
            app.origin().ifPresent(origin -> map.put("origin", origin(origin)));
            apps.add(map);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", (long) VERSION);
        root.put("boot_id", state.bootId());
        root.put("next_id", (long) state.nextId());
        root.put("apps", apps);
        return Json.writeBytes(root);
    }

    /**
     * Reads a file of this version or an older one.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static DesiredState parse(byte[] bytes) {
        Map<String, Object> root = migrated(object(json(bytes), "the file"));
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>();
        for (Object each : list(root.get("apps"), "apps")) {
            DesiredApp app = app(object(each, "an app"));
            if (apps.put(app.name(), app) != null) {
                throw new IllegalArgumentException("app '" + app.name() + "' is there twice");
            }
        }
        return new DesiredState(number(root.get("next_id"), "next_id"), text(root.get("boot_id"), "boot_id"), apps);
    }

    private static @Nullable Object json(byte[] bytes) {
        try {
            return Json.read(bytes, 0, bytes.length);
        } catch (WireException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Map<String, Object> migrated(Map<String, Object> root) {
        int version = number(root.get("version"), "version");
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " was never written");
        }
        if (version > VERSION) {
            throw new IllegalArgumentException(
                    "a newer bunctl wrote it: version " + version + ", this one reads up to " + VERSION);
        }
        Map<String, Object> current = root;
        for (UnaryOperator<Map<String, Object>> migration : MIGRATIONS.subList(version - 1, MIGRATIONS.size())) {
            current = migration.apply(current);
        }
        return current;
    }

    private static DesiredApp app(Map<String, Object> map) {
        List<DesiredInstance> instances = new ArrayList<>();
        for (Object each : list(map.get("instances"), "instances")) {
            Map<String, Object> one = object(each, "an instance");
            instances.add(new DesiredInstance(
                    number(one.get("id"), "id"), number(one.get("number"), "number"), intent(one.get("intent"))));
        }
        try {
            return new DesiredApp(
                    AppSpecCodec.fromMap(object(map.get("spec"), "spec")), instances, origin(map.get("origin")));
        } catch (SpecFormatException e) {
            throw new IllegalArgumentException("a specification is not valid: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> origin(Origin origin) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", origin.file().toString());
        origin.environmentName().ifPresent(name -> map.put("environment", name));
        map.put("watched", origin.watched());
        return map;
    }

    private static Optional<Origin> origin(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        Map<String, Object> map = object(value, "origin");
        Object environment = map.get("environment");
        return Optional.of(new Origin(
                Path.of(text(map.get("file"), "file")),
                environment == null ? Optional.empty() : Optional.of(text(environment, "environment")),
                Boolean.TRUE.equals(map.get("watched"))));
    }

    private static Intent intent(@Nullable Object value) {
        for (Intent intent : Intent.values()) {
            if (intent.wireName().equals(value)) {
                return intent;
            }
        }
        throw new IllegalArgumentException("intent is not one of run, stop, delete");
    }

    private static Map<String, Object> object(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put((String) key, member));
            return copy;
        }
        throw new IllegalArgumentException(what + " is not an object");
    }

    private static List<?> list(@Nullable Object value, String what) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(what + " is not a list");
    }

    private static int number(@Nullable Object value, String what) {
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw new IllegalArgumentException(what + " is not a whole number from 0 to " + Integer.MAX_VALUE);
    }

    private static String text(@Nullable Object value, String what) {
        if (value instanceof String string) {
            return string;
        }
        throw new IllegalArgumentException(what + " is not a text");
    }
}
