package dev.bunctl.verticles.log.frame;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Lines as JSON objects with the fields PM2 gives them: {@code message}, {@code timestamp}, {@code type},
 * {@code process_id} (the number of the instance) and {@code app_name}. A line that was cut has {@code "partial":true}.
 * Bytes that are not UTF-8 become U+FFFD, for JSON knows no others.
 */
public final class JsonLines implements LineFormat {
    private static final byte[] BEFORE_MESSAGE = ascii("{\"message\":\"");
    private static final byte[] PARTIAL = ascii(",\"partial\":true");
    private static final byte[] REPLACEMENT = ascii("\\ufffd");
    private static final String HEX = "0123456789abcdef";

    private final String app;
    private final int instance;
    private final String type;
    private byte[] afterMessage = new byte[0];
    private byte[] afterAnnouncement = new byte[0];

    /** @param type {@code out} or {@code err} */
    public JsonLines(String app, int instance, String type) {
        this.app = app;
        this.instance = instance;
        this.type = type;
    }

    @Override
    public void arrivedAt(Instant arrival) {
        afterMessage = rest(arrival, type);
        afterAnnouncement = rest(arrival, "bunctl");
    }

    private byte[] rest(Instant arrival, String ofType) {
        GrowingBytes out = new GrowingBytes();
        out.append("\",\"timestamp\":\""
                + DayjsPattern.of(DayjsPattern.ISO, ZoneOffset.UTC).format(arrival));
        out.append("\",\"type\":\"" + ofType + "\",\"process_id\":" + instance + ",\"app_name\":\"");
        byte[] name = app.getBytes(StandardCharsets.UTF_8);
        escape(name, 0, name.length, out);
        out.append('"');
        return Arrays.copyOf(out.array(), out.length());
    }

    @Override
    public void line(byte[] bytes, int from, int to, Framer.Ending ending, GrowingBytes out) {
        out.append(BEFORE_MESSAGE);
        escape(bytes, from, to, out);
        out.append(afterMessage);
        if (ending == Framer.Ending.LIMIT) {
            out.append(PARTIAL);
        }
        out.append('}');
        out.append('\n');
    }

    @Override
    public void announcement(String text, GrowingBytes out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.append(BEFORE_MESSAGE);
        escape(bytes, 0, bytes.length, out);
        out.append(afterAnnouncement);
        out.append('}');
        out.append('\n');
    }

    /** Appends bytes as the inside of a JSON string; runs that need nothing are copied at once. */
    static void escape(byte[] bytes, int from, int to, GrowingBytes out) {
        int copied = from;
        int at = from;
        while (at < to) {
            int b = bytes[at] & 0xff;
            int good = b < 0x80 ? (b >= 0x20 && b != '"' && b != '\\' ? 1 : 0) : Utf8.lengthAt(bytes, at, to);
            if (good > 0) {
                at += good;
                continue;
            }
            out.append(bytes, copied, at);
            escape(b, out);
            copied = ++at;
        }
        out.append(bytes, copied, to);
    }

    private static void escape(int b, GrowingBytes out) {
        switch (b) {
            case '"', '\\' -> escaped(b, out);
            case '\t' -> escaped('t', out);
            case '\r' -> escaped('r', out);
            default -> {
                if (b >= 0x80) {
                    out.append(REPLACEMENT);
                } else {
                    out.append("\\u00" + HEX.charAt(b >> 4) + HEX.charAt(b & 15));
                }
            }
        }
    }

    private static void escaped(int letter, GrowingBytes out) {
        out.append('\\');
        out.append(letter);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
