package dev.bunctl.verticles.log.frame;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which lines are wanted. Pure. */
public final class LineFilter {
    /** Most characters a pattern may look at in one line; one that goes back and forth without end is refused. */
    static final int MAX_STEPS = 20_000_000;

    private final Optional<Pattern> pattern;

    public LineFilter(Optional<Pattern> pattern) {
        this.pattern = pattern;
    }

    public boolean acceptsAll() {
        return pattern.isEmpty();
    }

    /** Whether the line is wanted; an {@link IllegalArgumentException} when its pattern would take too long to tell. */
    public boolean accepts(byte[] bytes, int from, int to) {
        return pattern.isEmpty()
                || pattern.get()
                        .matcher(new Watched(new String(bytes, from, to - from, StandardCharsets.UTF_8), new int[1]))
                        .find();
    }

    /** A text that counts how often it is looked at. */
    private static final class Watched implements CharSequence {
        private final String text;
        private final int[] steps;

        Watched(String text, int[] steps) {
            this.text = text;
            this.steps = steps;
        }

        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new IllegalArgumentException("the pattern takes too long on a line of this log");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text.substring(start, end), steps);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
