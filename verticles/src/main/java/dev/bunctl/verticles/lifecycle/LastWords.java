package dev.bunctl.verticles.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How much is kept of what processes wrote last: much of the newest ends, little of older ones. */
final class LastWords {
    /** Most characters that are kept of a recent end. */
    static final int MAX_CHARACTERS = 4096;

    /** Most characters that are kept of an older end. */
    static final int MAX_BRIEF = 256;

    private LastWords() {}

    /** The newest lines that fit; of a single line that does not, its beginning. */
    static List<String> whole(List<String> lines) {
        return newest(lines, MAX_CHARACTERS);
    }

    /** The newest line that says something. */
    static List<String> brief(List<String> lines) {
        return lines.reversed().stream()
                .filter(line -> !line.isBlank())
                .limit(1)
                .map(line -> cut(line, MAX_BRIEF))
                .toList();
    }

    private static List<String> newest(List<String> lines, int most) {
        Deque<String> kept = new ArrayDeque<>();
        int left = most;
        for (String line : lines.reversed()) {
            if (line.length() > left) {
                if (kept.isEmpty()) {
                    kept.addFirst(cut(line, left));
                }
                break;
            }
            kept.addFirst(line);
            left -= line.length();
        }
        return List.copyOf(kept);
    }

    private static String cut(String line, int most) {
        if (line.length() <= most) {
            return line;
        }
        return line.substring(0, Character.isHighSurrogate(line.charAt(most - 1)) ? most - 1 : most);
    }
}
