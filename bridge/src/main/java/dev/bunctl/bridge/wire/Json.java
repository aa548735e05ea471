package dev.bunctl.bridge.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain Java values: {@code Map<String, Object>} (in order), {@code List<Object>}, {@code String}, {@code Long},
 * {@code Double}, {@code Boolean} and null. Reading is strict (RFC 8259, no duplicate names, well-formed UTF-8) and limited in
 * depth; the size is limited by the frame it came in.
 */
public final class Json {
    /** Objects and arrays inside one another. */
    public static final int MAX_DEPTH = 64;

    /** Digits and signs of one number. */
    public static final int MAX_NUMBER_LENGTH = 64;

    private static final char[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private Json() {}

    /**
     * Reads one value that fills the whole text.
     *
     * @throws WireException with the byte offset when it is no JSON, or too deep
     */
    public static @Nullable Object read(byte[] utf8, int offset, int length) throws WireException {
        return new JsonReader(utf8, offset, length).document();
    }

    /** Reads one value that fills the whole text, see {@link #read(byte[], int, int)}. */
    public static @Nullable Object read(String text) throws WireException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return read(utf8, 0, utf8.length);
    }

    /** Reads one object that fills the whole text, see {@link #read(byte[], int, int)}. */
    public static Map<String, @Nullable Object> readObject(byte[] utf8, int offset, int length) throws WireException {
        return asObject(read(utf8, offset, length));
    }

    /** Reads one object that fills the whole text, see {@link #read(byte[], int, int)}. */
    public static Map<String, @Nullable Object> readObject(String text) throws WireException {
        return asObject(read(text));
    }

    /** Sees a value that was read as the object it must be. */
    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> asObject(@Nullable Object value) throws WireException {
        if (value instanceof Map) {
            return (Map<String, @Nullable Object>) value;
        }
        throw new WireException("a JSON object expected");
    }

    /**
     * Writes a value on one line.
     *
     * @throws IllegalArgumentException when it holds a type that JSON has not, a number that is not finite, or is too deep
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder(256);
        write(out, value, 0);
        return out.toString();
    }

    /** Writes a value as UTF-8, see {@link #write(Object)}. */
    public static byte[] writeBytes(@Nullable Object value) {
        return write(value).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(StringBuilder out, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("more than " + MAX_DEPTH + " levels of JSON");
        }
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof String text) {
            writeString(out, text);
        } else if (value instanceof Long || value instanceof Integer) {
            out.append(((Number) value).longValue());
        } else if (value instanceof Double number) {
            writeDouble(out, number);
        } else if (value instanceof Map<?, ?> object) {
            writeObject(out, object, depth);
        } else if (value instanceof List<?> array) {
            writeArray(out, array, depth);
        } else {
            throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ?> object, int depth) {
        char separator = '{';
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            out.append(separator);
            writeString(out, (String) entry.getKey());
            out.append(':');
            write(out, entry.getValue(), depth + 1);
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private static void writeArray(StringBuilder out, List<?> array, int depth) {
        char separator = '[';
        for (Object item : array) {
            out.append(separator);
            write(out, item, depth + 1);
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private static void writeDouble(StringBuilder out, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("JSON has no " + value);
        }
        out.append(value);
    }

    private static void writeString(StringBuilder out, String text) {
        out.append('"');
        int clean = 0;
        int length = text.length();
        for (int at = 0; at < length; at++) {
            char c = text.charAt(at);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(text, clean, at);
                clean = at + 1;
                writeEscaped(out, c);
            }
        }
        out.append(text, clean, length).append('"');
    }

    private static void writeEscaped(StringBuilder out, char c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }
}
