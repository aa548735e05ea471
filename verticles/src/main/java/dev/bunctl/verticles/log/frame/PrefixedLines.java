package dev.bunctl.verticles.log.frame;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Lines behind a name, {@code api:0 | } for example. */
public final class PrefixedLines implements LineFormat {
    private final byte[] prefix;
    private final LineFormat plain = LineFormat.plain();

    /** @param width characters to which the name is filled up, so that the lines of several stand below each other */
    public PrefixedLines(String name, int width) {
        String filled = name + " ".repeat(Math.max(0, width - name.length()));
        this.prefix = (filled + " | ").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void arrivedAt(Instant arrival) {}

    @Override
    public void line(byte[] bytes, int from, int to, Framer.Ending ending, GrowingBytes out) {
        out.append(prefix);
        plain.line(bytes, from, to, ending, out);
    }

    @Override
    public void announcement(String text, GrowingBytes out) {
        out.append(prefix);
        plain.announcement(text, out);
    }
}
