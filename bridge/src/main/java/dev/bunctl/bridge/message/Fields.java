package dev.bunctl.bridge.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the members of one JSON object by name and kind. Absent and null are the same; others are ignored. */
final class Fields {
    private final String path;
    private final Map<String, ? extends @Nullable Object> map;

    Fields(String path, Map<String, ? extends @Nullable Object> map) {
        this.path = path;
        this.map = map;
    }

    /** Reads one member of a list. */
    interface Reader<T> {
        T read(Fields fields) throws MalformedMessageException;
    }

    MalformedMessageException wrong(String name, String expected) {
        return new MalformedMessageException("'" + path + name + "': " + expected + " expected");
    }

    boolean has(String name) {
        return map.get(name) != null;
    }

    String text(String name) throws MalformedMessageException {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a string");
    }

    String text(String name, String absent) throws MalformedMessageException {
        return has(name) ? text(name) : absent;
    }

    Optional<String> optionalText(String name) throws MalformedMessageException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    boolean flag(String name, boolean absent) throws MalformedMessageException {
        if (!has(name)) {
            return absent;
        }
        if (map.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    long whole(String name) throws MalformedMessageException {
        Object value = map.get(name);
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        throw wrong(name, "a whole number");
    }

    int number(String name) throws MalformedMessageException {
        long value = whole(name);
        if (value != (int) value) {
            throw wrong(name, "a number of 32 bits");
        }
        return (int) value;
    }

    int number(String name, int absent) throws MalformedMessageException {
        return has(name) ? number(name) : absent;
    }

    OptionalInt optionalNumber(String name) throws MalformedMessageException {
        return has(name) ? OptionalInt.of(number(name)) : OptionalInt.empty();
    }

    OptionalLong optionalWhole(String name) throws MalformedMessageException {
        return has(name) ? OptionalLong.of(whole(name)) : OptionalLong.empty();
    }

    Optional<Double> optionalReal(String name) throws MalformedMessageException {
        if (!has(name)) {
            return Optional.empty();
        }
        if (map.get(name) instanceof Number number) {
            return Optional.of(number.doubleValue());
        }
        throw wrong(name, "a number");
    }

    Instant instant(String name) throws MalformedMessageException {
        String text = text(name);
        try {
            return Instant.parse(text);
        } catch (DateTimeException invalid) {
            throw new MalformedMessageException(
                    "'" + path + name + "': a time such as 2026-01-31T08:00:00Z expected", invalid);
        }
    }

    Optional<Instant> optionalInstant(String name) throws MalformedMessageException {
        return has(name) ? Optional.of(instant(name)) : Optional.empty();
    }

    <E extends Enum<E>> E constant(String name, E[] all) throws MalformedMessageException {
        String text = text(name);
        for (E one : all) {
            if (Names.wireName(one).equals(text)) {
                return one;
            }
        }
        throw wrong(name, "a known word");
    }

    List<String> texts(String name) throws MalformedMessageException {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of strings");
            }
            texts.add(text);
        }
        return texts;
    }

    /** An absent list is an empty one. */
    private List<?> elements(String name) throws MalformedMessageException {
        Object value = map.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    /** A list of numbers, in which some may be missing. */
    List<@Nullable Number> numbers(String name) throws MalformedMessageException {
        List<@Nullable Number> numbers = new ArrayList<>();
        for (Object element : elements(name)) {
            if (element != null && !(element instanceof Number)) {
                throw wrong(name, "a list of numbers");
            }
            numbers.add((Number) element);
        }
        return numbers;
    }

    Map<String, String> strings(String name) throws MalformedMessageException {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : object(name).entrySet()) {
            if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof String value)) {
                throw wrong(name, "an object of strings");
            }
            strings.put(key, value);
        }
        return strings;
    }

    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> object(String name) throws MalformedMessageException {
        if (map.get(name) instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw wrong(name, "an object");
    }

    @SuppressWarnings("unchecked")
    <T> List<T> list(String name, Reader<T> reader) throws MalformedMessageException {
        List<T> list = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof Map<?, ?> object)) {
                throw wrong(name, "a list of objects");
            }
            String inside = path + name + "[" + list.size() + "].";
            list.add(reader.read(new Fields(inside, (Map<String, @Nullable Object>) object)));
        }
        return list;
    }

    /** The object behind the fields, for a codec of its own. */
    Map<String, ? extends @Nullable Object> map() {
        return map;
    }

    String path() {
        return path;
    }
}
