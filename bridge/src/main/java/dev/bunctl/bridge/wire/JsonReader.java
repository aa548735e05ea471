package dev.bunctl.bridge.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text from bytes. Works on bytes because an interpreted client pays for each call per character. */
final class JsonReader {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    private int depth;

    JsonReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.start = offset;
        this.end = offset + length;
        this.at = offset;
    }

    @Nullable
    Object document() throws WireException {
        Object value = value();
        skipSpace();
        if (at != end) {
            throw malformed("the end");
        }
        return value;
    }

    private @Nullable Object value() throws WireException {
        skipSpace();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() throws WireException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        enter();
        if (!taken('}')) {
            do {
                skipSpace();
                int nameAt = at;
                String name = string();
                if (object.containsKey(name)) {
                    at = nameAt;
                    throw malformed("a name that is not there yet");
                }
                expect(':');
                object.put(name, value());
            } while (taken(','));
            expect('}');
        }
        depth--;
        return object;
    }

    private List<@Nullable Object> array() throws WireException {
        List<@Nullable Object> array = new ArrayList<>();
        enter();
        if (!taken(']')) {
            do {
                array.add(value());
            } while (taken(','));
            expect(']');
        }
        depth--;
        return array;
    }

    private void enter() throws WireException {
        if (++depth > Json.MAX_DEPTH) {
            throw malformed("at most " + Json.MAX_DEPTH + " levels");
        }
        at++;
    }

    private String string() throws WireException {
        if (peek() != '"') {
            throw malformed("'\"'");
        }
        int from = ++at;
        boolean ascii = true;
        while (at < end) {
            byte b = bytes[at];
            if (b == '"') {
                return text(from, at++, ascii);
            }
            if (b == '\\') {
                return escapedString(from, ascii);
            }
            if (b >= 0 && b < ' ') {
                throw malformed("no raw control character");
            }
            ascii &= b >= 0;
            at++;
        }
        throw malformed("the end of the string");
    }

    /** Goes on with a string that holds escapes. */
    private String escapedString(int begin, boolean cleanAscii) throws WireException {
        StringBuilder out = new StringBuilder(Math.min(end - begin, 4096));
        int from = begin;
        boolean ascii = cleanAscii;
        while (at < end) {
            byte b = bytes[at];
            if (b == '"') {
                return out.append(text(from, at++, ascii)).toString();
            }
            if (b == '\\') {
                out.append(text(from, at, ascii));
                appendEscape(out);
                from = at;
                ascii = true;
            } else if (b >= 0 && b < ' ') {
                throw malformed("no raw control character");
            } else {
                ascii &= b >= 0;
                at++;
            }
        }
        throw malformed("the end of the string");
    }

    private void appendEscape(StringBuilder out) throws WireException {
        at++;
        int c = peek();
        at++;
        switch (c) {
            case '"', '\\', '/' -> out.append((char) c);
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'u' -> appendUnicode(out);
            default -> {
                at--;
                throw malformed("an escape");
            }
        }
    }

    private void appendUnicode(StringBuilder out) throws WireException {
        char first = hex4();
        out.append(first);
        if (!Character.isSurrogate(first)) {
            return;
        }
        boolean paired = Character.isHighSurrogate(first) && at + 1 < end && bytes[at] == '\\' && bytes[at + 1] == 'u';
        if (paired) {
            at += 2;
            char second = hex4();
            out.append(second);
            paired = Character.isLowSurrogate(second);
        }
        if (!paired) {
            throw malformed("both halves of a surrogate pair");
        }
    }

    private char hex4() throws WireException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw malformed("four hexadecimal digits");
            }
            value = value << 4 | digit;
            at++;
        }
        return (char) value;
    }

    private String text(int from, int to, boolean ascii) throws WireException {
        if (ascii) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            at = from;
            WireException malformed = malformed("well-formed UTF-8");
            malformed.initCause(e);
            throw malformed;
        }
    }

    private Number number() throws WireException {
        int from = at;
        skip('-');
        if (!taken0('0')) {
            digits();
        }
        boolean whole = true;
        if (taken0('.')) {
            whole = false;
            digits();
        }
        if (taken0('e') || taken0('E')) {
            whole = false;
            if (!taken0('+')) {
                skip('-');
            }
            digits();
        }
        if (at - from > Json.MAX_NUMBER_LENGTH) {
            throw malformed("a number of at most " + Json.MAX_NUMBER_LENGTH + " characters");
        }
        return parsed(new String(bytes, from, at - from, StandardCharsets.ISO_8859_1), whole);
    }

    private Number parsed(String digits, boolean whole) throws WireException {
        if (whole && digits.length() <= 18) {
            return Long.parseLong(digits);
        }
        if (whole) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException tooLarge) {
                WireException malformed = malformed("a whole number of at most 64 bits");
                malformed.initCause(tooLarge);
                throw malformed;
            }
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw malformed("a number of at most 64 bits");
        }
        return value;
    }

    private void digits() throws WireException {
        int from = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw malformed(at < end ? "a value" : "more");
        }
    }

    private @Nullable Object literal(String word, @Nullable Object value) throws WireException {
        for (int i = 0; i < word.length(); i++) {
            if (at >= end || bytes[at] != word.charAt(i)) {
                throw malformed(word);
            }
            at++;
        }
        return value;
    }

    private void expect(char c) throws WireException {
        if (!taken(c)) {
            throw malformed("'" + c + "'");
        }
    }

    /** Steps over a character behind any space. */
    private boolean taken(char c) {
        skipSpace();
        return taken0(c);
    }

    private boolean taken0(char c) {
        if (at < end && bytes[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skip(char c) {
        if (at < end && bytes[at] == c) {
            at++;
        }
    }

    private int peek() throws WireException {
        if (at >= end) {
            throw malformed("more");
        }
        return bytes[at];
    }

    private void skipSpace() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    private WireException malformed(String expected) {
        return new WireException("JSON: " + expected + " expected at byte " + (at - start));
    }
}
