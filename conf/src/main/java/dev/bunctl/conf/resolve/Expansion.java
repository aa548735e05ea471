package dev.bunctl.conf.resolve;

import java.util.Optional;
import java.util.function.Function;

/**
 * Puts the values of variables in the place of <code>${NAME}</code>, <code>${NAME:-default}</code> (when unset or
 * empty), <code>${NAME-default}</code> (when unset) and <code>${NAME:?message}</code>. <code>$${</code> is a literal
 * <code>${</code>. Every other character stands for itself, a {@code $} without a brace too.
 */
final class Expansion {
    private static final int MAX_LENGTH = 1 << 20;

    private final Function<String, Optional<String>> variables;

    Expansion(Function<String, Optional<String>> variables) {
        this.variables = variables;
    }

    /**
     * Expands one string.
     *
     * @throws IllegalArgumentException with a message for people when a variable is unset or a brace is not closed
     */
    String expand(String text) {
        int next = text.indexOf("${");
        if (next < 0) {
            return text;
        }
        var expanded = new StringBuilder();
        int done = 0;
        while (next >= 0) {
            if (next > done && text.charAt(next - 1) == '$') {
                expanded.append(text, done, next - 1).append("${");
                done = next + 2;
            } else {
                int end = endOf(text, next);
                expanded.append(text, done, next).append(value(text.substring(next + 2, end)));
                done = end + 1;
            }
            if (expanded.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("more than " + MAX_LENGTH + " characters after expansion");
            }
            next = text.indexOf("${", done);
        }
        return expanded.append(text, done, text.length()).toString();
    }

    private static int endOf(String text, int start) {
        int depth = 0;
        for (int at = start; at < text.length(); at++) {
            if (text.startsWith("${", at)) {
                depth++;
            } else if (text.charAt(at) == '}' && --depth == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException("'${' without '}' (write '$${' for a literal one)");
    }

    private String value(String inside) {
        int end = 0;
        while (end < inside.length() && isNamePart(inside.charAt(end), end)) {
            end++;
        }
        String name = inside.substring(0, end);
        String rest = inside.substring(end);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a variable expected in '${" + inside + "}'");
        }
        Optional<String> value = variables.apply(name);
        if (rest.isEmpty()) {
            return value.orElseThrow(() -> new IllegalArgumentException(
                    "'" + name + "' is not set; write ${" + name + ":-default} for a default"));
        }
        if (rest.startsWith(":-")) {
            return value.filter(set -> !set.isEmpty()).orElseGet(() -> expand(rest.substring(2)));
        }
        if (rest.startsWith("-")) {
            return value.orElseGet(() -> expand(rest.substring(1)));
        }
        if (rest.startsWith(":?")) {
            return value.filter(set -> !set.isEmpty())
                    .orElseThrow(() -> new IllegalArgumentException("'" + name + "': " + rest.substring(2)));
        }
        throw new IllegalArgumentException("'}', ':-', '-' or ':?' expected after '${" + name + "'");
    }

    private static boolean isNamePart(char c, int at) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (at > 0 && c >= '0' && c <= '9');
    }
}
