package dev.bunctl.verticles.control;

import java.util.Collection;
import java.util.Optional;

/** Finds what the user may have meant. */
final class Closest {
    /** Longer words are not compared: the work grows with the product of the lengths. */
    static final int MAX_WORD = 80;

    private Closest() {}

    /** The candidate with the fewest differing letters, when it is alike enough. */
    static Optional<String> to(String word, Collection<String> candidates) {
        if (word.length() > MAX_WORD) {
            return Optional.empty();
        }
        int best = Math.max(1, word.length() / 3) + 1;
        Optional<String> found = Optional.empty();
        for (String candidate : candidates) {
            int distance = distance(word, candidate, best);
            if (distance < best) {
                best = distance;
                found = Optional.of(candidate);
            }
        }
        return found;
    }

    /** Letters to insert, delete or replace, or {@code enough} when it is no fewer. */
    private static int distance(String from, String to, int enough) {
        if (Math.abs(from.length() - to.length()) >= enough) {
            return enough;
        }
        int[] above = new int[to.length() + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[above.length];
            current[0] = row;
            for (int column = 1; column < above.length; column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(above[column], current[column - 1]) + 1);
            }
            above = current;
        }
        return Math.min(above[to.length()], enough);
    }
}
