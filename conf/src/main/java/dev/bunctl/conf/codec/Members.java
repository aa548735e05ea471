package dev.bunctl.conf.codec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one JSON object by name and kind, and in the end refuses those nobody asked for. Absent and null
 * are the same.
 */
final class Members {
    private final String path;
    private final Map<?, ?> map;
    private final Set<String> asked = new HashSet<>();

    private Members(String path, Map<?, ?> map) {
        this.path = path;
        this.map = map;
    }

    /** Reads one object with {@code reader}, and refuses members that it did not ask for. */
    static <T> T read(String path, @Nullable Object value, Function<Members, T> reader) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new SpecFormatException(path, "an object expected, not " + shown(value));
        }
        var members = new Members(path, map);
        T result;
        try {
            result = reader.apply(members);
        } catch (IllegalArgumentException invalid) {
            throw new SpecFormatException(path, String.valueOf(invalid.getMessage()));
        }
        members.refuseOthers();
        return result;
    }

    private void refuseOthers() {
        for (Object key : map.keySet()) {
            if (!(key instanceof String name) || !asked.contains(name)) {
                throw new SpecFormatException(path, "unknown member '" + key + "'");
            }
        }
    }

    private @Nullable Object get(String name) {
        asked.add(name);
        return map.get(name);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private SpecFormatException wrong(String name, String expected, @Nullable Object value) {
        return new SpecFormatException(at(name), expected + " expected, not " + shown(value));
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case Map<?, ?> map -> "an object";
            case List<?> list -> "a list";
            case String text -> text.length() > 40 ? "a string of " + text.length() + " characters" : "'" + text + "'";
            default -> value.toString();
        };
    }

    boolean has(String name) {
        return get(name) != null;
    }

    String text(String name) {
        if (get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a string", get(name));
    }

    String text(String name, String absent) {
        return has(name) ? text(name) : absent;
    }

    Optional<String> optionalText(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    boolean flag(String name, boolean absent) {
        return switch (get(name)) {
            case null -> absent;
            case Boolean flag -> flag;
            case Object other -> throw wrong(name, "true or false", other);
        };
    }

    long whole(String name) {
        return switch (get(name)) {
            case Long number -> number;
            case Integer number -> number.longValue();
            case null -> throw wrong(name, "a whole number", null);
            case Object other -> throw wrong(name, "a whole number", other);
        };
    }

    int number(String name) {
        long value = whole(name);
        if (value != (int) value) {
            throw wrong(name, "a number of 32 bits", value);
        }
        return (int) value;
    }

    int number(String name, int absent) {
        return has(name) ? number(name) : absent;
    }

    long whole(String name, long absent) {
        return has(name) ? whole(name) : absent;
    }

    Optional<Long> optionalWhole(String name) {
        return has(name) ? Optional.of(whole(name)) : Optional.empty();
    }

    OptionalInt optionalNumber(String name) {
        return has(name) ? OptionalInt.of(number(name)) : OptionalInt.empty();
    }

    double real(String name) {
        if (get(name) instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(name, "a number", get(name));
    }

    double real(String name, double absent) {
        return has(name) ? real(name) : absent;
    }

    Optional<Double> optionalReal(String name) {
        return has(name) ? Optional.of(real(name)) : Optional.empty();
    }

    Duration time(String name, Duration absent) {
        return has(name) ? time(name) : absent;
    }

    Duration time(String name) {
        long milliseconds = whole(name);
        if (milliseconds < 0) {
            throw wrong(name, "0 or more milliseconds", milliseconds);
        }
        return Duration.ofMillis(milliseconds);
    }

    Optional<Duration> optionalTime(String name) {
        return has(name) ? Optional.of(time(name)) : Optional.empty();
    }

    Path path(String name) {
        return absolute(name, text(name));
    }

    Optional<Path> optionalPath(String name) {
        return has(name) ? Optional.of(path(name)) : Optional.empty();
    }

    List<Path> paths(String name) {
        return texts(name).stream().map(text -> absolute(name, text)).toList();
    }

    private Path absolute(String name, String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException invalid) {
            throw new SpecFormatException(at(name), String.valueOf(invalid.getMessage()));
        }
        throw wrong(name, "an absolute path", text);
    }

    /** An absent list is an empty one. */
    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        for (Object element : elements(name)) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of strings", element);
            }
            texts.add(text);
        }
        return texts;
    }

    /** An absent list is an empty one. */
    Set<Integer> numbers(String name) {
        var numbers = new HashSet<Integer>();
        for (Object element : elements(name)) {
            if (!(element instanceof Number number) || number.doubleValue() != number.intValue()) {
                throw wrong(name, "a list of whole numbers", element);
            }
            numbers.add(number.intValue());
        }
        return numbers;
    }

    private List<?> elements(String name) {
        return switch (get(name)) {
            case null -> List.of();
            case List<?> list -> list;
            case Object other -> throw wrong(name, "a list", other);
        };
    }

    <T> List<T> list(String name, Function<Members, T> reader) {
        var list = new ArrayList<T>();
        for (Object element : elements(name)) {
            list.add(read(at(name) + "[" + list.size() + "]", element, reader));
        }
        return list;
    }

    /** An absent map is an empty one. */
    Map<String, String> strings(String name) {
        return map(name, String.class, "an object of strings");
    }

    /** An absent map is an empty one. */
    Map<String, Long> wholes(String name) {
        return map(name, Long.class, "an object of whole numbers");
    }

    private <T> Map<String, T> map(String name, Class<T> type, String expected) {
        if (!has(name)) {
            return Map.of();
        }
        if (!(get(name) instanceof Map<?, ?> members)) {
            throw wrong(name, "an object", get(name));
        }
        var values = new LinkedHashMap<String, T>();
        members.forEach((key, value) -> {
            if (!(key instanceof String text) || !type.isInstance(value)) {
                throw wrong(name, expected, value);
            }
            values.put(text, type.cast(value));
        });
        return values;
    }

    <T> T object(String name, Function<Members, T> reader) {
        return read(at(name), get(name), reader);
    }

    <T> T object(String name, Function<Members, T> reader, T absent) {
        return has(name) ? object(name, reader) : absent;
    }

    <T> Optional<T> optionalObject(String name, Function<Members, T> reader) {
        return has(name) ? Optional.of(object(name, reader)) : Optional.empty();
    }

    <E extends Enum<E>> E constant(String name, E[] all, E absent) {
        return has(name) ? constant(name, all) : absent;
    }

    <E extends Enum<E>> E constant(String name, E[] all) {
        String text = text(name);
        for (E one : all) {
            if (word(one).equals(text)) {
                return one;
            }
        }
        throw wrong(name, "one of " + words(all), text);
    }

    private static <E extends Enum<E>> String words(E[] all) {
        var words = new ArrayList<String>();
        for (E one : all) {
            words.add(word(one));
        }
        return String.join(", ", words);
    }

    /** How a constant is written: {@code ON_FAILURE} as {@code on-failure}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A refusal of the {@code kind} of a sealed type. */
    SpecFormatException unknownKind(String kind) {
        return wrong("kind", "a known kind", kind);
    }
}
