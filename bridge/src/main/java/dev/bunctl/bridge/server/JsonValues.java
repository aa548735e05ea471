package dev.bunctl.bridge.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between the event bus's JSON and plain values as in {@link dev.bunctl.bridge.wire.Json}. */
public final class JsonValues {
    private JsonValues() {}

    /**
     * Makes plain values of an event-bus body, all the way down.
     *
     * @throws IllegalArgumentException when it holds something that JSON has not
     */
    public static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case JsonObject object -> plain(object.getMap());
            case JsonArray array -> plain(array.getList());
            case Map<?, ?> map -> plainMap(map);
            case List<?> list -> plainList(list);
            case String text -> text;
            case Boolean flag -> flag;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case Byte number -> number.longValue();
            case Double number -> number;
            case Float number -> number.doubleValue();
            default ->
                throw new IllegalArgumentException(
                        "JSON has no " + value.getClass().getName());
        };
    }

    /** Makes plain values of an event-bus object, see {@link #plain(Object)}. */
    public static Map<String, @Nullable Object> plain(JsonObject object) {
        return plainMap(object.getMap());
    }

    private static Map<String, @Nullable Object> plainMap(Map<?, ?> map) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        map.forEach((name, value) -> plain.put(String.valueOf(name), plain(value)));
        return plain;
    }

    private static List<@Nullable Object> plainList(List<?> list) {
        List<@Nullable Object> plain = new ArrayList<>(list.size());
        list.forEach(value -> plain.add(plain(value)));
        return plain;
    }

    /** Makes an event-bus body of a plain value: objects and arrays get Vert.x's types, others stay. */
    @SuppressWarnings("unchecked")
    static @Nullable Object body(@Nullable Object plain) {
        return switch (plain) {
            case null -> null;
            case Map<?, ?> map -> new JsonObject((Map<String, Object>) map);
            case List<?> list -> new JsonArray(list);
            default -> plain;
        };
    }
}
