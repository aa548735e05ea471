package dev.bunctl.verticles.log.frame;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Lines behind the time of their arrival. The time of a batch is formatted once. */
public final class TimestampedLines implements LineFormat {
    private final DayjsPattern pattern;
    private final LineFormat plain = LineFormat.plain();
    private byte[] prefix = new byte[0];

    public TimestampedLines(DayjsPattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public void arrivedAt(Instant arrival) {
        prefix = (pattern.format(arrival) + ": ").getBytes(StandardCharsets.UTF_8);
    }

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
