package dev.bunctl.verticles.log.frame;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** How one line of output becomes one line of a log. Used by one thread at a time. */
public interface LineFormat {
    /** Stands at the end of a line that goes on in the next one. */
    String CUT_MARK = " [bunctl: long line, goes on]";

    /** Stands at the end of a line that a log took the beginning of only: the rest is among what was dropped. */
    String DROPPED_MARK = " [bunctl: the rest was dropped]";

    /** What an announcement of ours begins with, in a log that holds plain text. */
    String ANNOUNCEMENT = "[bunctl] ";

    /** Lines from here on arrived at that time. */
    void arrivedAt(Instant arrival);

    /** Appends one line and its line feed. */
    void line(byte[] bytes, int from, int to, Framer.Ending ending, GrowingBytes out);

    /** Appends a line of our own. */
    void announcement(String text, GrowingBytes out);

    /** Lines as they came. */
    static LineFormat plain() {
        return new Plain();
    }

    /** Lines as they came. */
    final class Plain implements LineFormat {
        private static final byte[] MARK = CUT_MARK.getBytes(StandardCharsets.US_ASCII);

        private Plain() {}

        @Override
        public void arrivedAt(Instant arrival) {}

        @Override
        public void line(byte[] bytes, int from, int to, Framer.Ending ending, GrowingBytes out) {
            out.append(bytes, from, to);
            if (ending == Framer.Ending.LIMIT) {
                out.append(MARK);
            }
            out.append('\n');
        }

        @Override
        public void announcement(String text, GrowingBytes out) {
            out.append(ANNOUNCEMENT);
            out.append(text);
            out.append('\n');
        }
    }
}
