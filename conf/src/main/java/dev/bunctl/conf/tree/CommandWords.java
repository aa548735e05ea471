package dev.bunctl.conf.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as people expect from a shell, and does nothing else that a shell does: no variables,
 * globs, pipes or redirections, whose characters stay as they are.
 *
 * <p>Words end at spaces, tabs and line ends. Between single quotes all is literal; between double quotes a backslash
 * escapes a double quote and a backslash; elsewhere it escapes any character. What stands between <code>${</code> and
 * <code>}</code> is kept together, for whoever fills in variables later.
 */
public final class CommandWords {
    private final String text;
    private int at;

    private CommandWords(String text) {
        this.text = text;
    }

    /**
     * Splits a line.
     *
     * @throws IllegalArgumentException with a message for people when a quote or an escape has no end
     */
    public static List<String> split(String text) {
        var words = new ArrayList<String>();
        var splitter = new CommandWords(text);
        for (splitter.skipSpace(); splitter.at < text.length(); splitter.skipSpace()) {
            words.add(splitter.word());
        }
        return words;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private String word() {
        var word = new StringBuilder();
        while (at < text.length() && !isSpace(text.charAt(at))) {
            char c = text.charAt(at++);
            int end = c == '$' && text.startsWith("{", at) ? text.indexOf('}', at) : -1;
            if (end >= 0) {
                word.append(text, at - 1, end + 1);
                at = end + 1;
                continue;
            }
            switch (c) {
                case '\'' -> single(word);
                case '"' -> quoted(word);
                case '\\' -> word.append(escaped());
                default -> word.append(c);
            }
        }
        return word.toString();
    }

    private void single(StringBuilder word) {
        int end = text.indexOf('\'', at);
        if (end < 0) {
            throw new IllegalArgumentException("the quote ' at character " + at + " has no end");
        }
        word.append(text, at, end);
        at = end + 1;
    }

    private void quoted(StringBuilder word) {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return;
            }
            boolean escapes = c == '\\' && at < text.length() && "\"\\".indexOf(text.charAt(at)) >= 0;
            word.append(escapes ? text.charAt(at++) : c);
        }
        throw new IllegalArgumentException("the quote \" at character " + start + " has no end");
    }

    private char escaped() {
        if (at == text.length()) {
            throw new IllegalArgumentException("nothing follows the last backslash");
        }
        return text.charAt(at++);
    }

    /** Writes words so that {@link #split} gives them back. */
    public static String join(List<String> words) {
        var text = new StringBuilder();
        for (String word : words) {
            text.append(text.isEmpty() ? "" : " ").append(quote(word));
        }
        return text.toString();
    }

    private static String quote(String word) {
        boolean plain = !word.isEmpty();
        for (int at = 0; at < word.length(); at++) {
            char c = word.charAt(at);
            plain &= !isSpace(c) && c != '\'' && c != '"' && c != '\\';
        }
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
