package dev.bunctl.conf.resolve;

import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code .env} files: {@code NAME=value} lines, {@code #} comments, an optional {@code export}. Values may stand in
 * single quotes (literal), double quotes ({@code \n}, {@code \r}, {@code \t}, {@code \"}, {@code \\} and <code>${NAME}</code>)
 * or none (trimmed, up to {@code  #}, with <code>${NAME}</code>). Quoted values may span lines. A variable given twice
 * has its last value.
 */
final class EnvFile {
    /** Bytes of one file. */
    static final int MAX_BYTES = 1 << 20;

    private final String text;
    private final String source;
    private final Problems problems;
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final Expansion expansion;
    private int at;
    private int line = 1;

    private EnvFile(String text, String source, Function<String, Optional<String>> outer, Problems problems) {
        this.text = text.replace("\r\n", "\n");
        this.source = source;
        this.problems = problems;
        this.expansion = new Expansion(name -> {
            Variable own = variables.get(name);
            return own == null ? Optional.of(outer.apply(name).orElse("")) : Optional.of(own.value());
        });
    }

    /**
     * Reads a file.
     *
     * @param outer variables that its values may refer to besides those above them; unset ones are empty
     */
    static Map<String, Variable> read(
            String text, String source, Function<String, Optional<String>> outer, Problems problems) {
        var file = new EnvFile(text, source, outer, problems);
        while (file.at < file.text.length()) {
            file.line();
        }
        return file.variables;
    }

    private void line() {
        int start = at;
        Location here = new Location(source, line, 1);
        int end = endOfLine();
        String plain = text.substring(start, end).strip();
        if (plain.isEmpty() || plain.startsWith("#")) {
            next(end);
            return;
        }
        int equals = text.indexOf('=', start);
        if (equals < 0 || equals > end) {
            problems.invalid(here, "NAME=value expected, not " + shown(plain));
            next(end);
            return;
        }
        String name = text.substring(start, equals).strip();
        name = name.startsWith("export ") ? name.substring(7).strip() : name;
        if (!isName(name)) {
            problems.invalid(here, "the name of a variable expected before '=', not " + shown(name));
            next(end);
            return;
        }
        at = equals + 1;
        while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        try {
            String value = value(end);
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a value without a NUL character expected");
            }
            variables.put(name, new Variable(value, here));
        } catch (IllegalArgumentException wrong) {
            problems.invalid(here, "'" + name + "': " + wrong.getMessage());
        }
        next(endOfLine());
    }

    private int endOfLine() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private void next(int end) {
        at = end + 1;
        line++;
    }

    /** A name is fit to be shown; what might be a value is not. */
    private static String shown(String text) {
        return isName(text) ? "'" + text + "'" : "something else";
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            return false;
        }
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            if (!(Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-')) {
                return false;
            }
        }
        return true;
    }

    private String value(int end) {
        if (at < end && (text.charAt(at) == '\'' || text.charAt(at) == '"')) {
            return quoted(text.charAt(at++));
        }
        String plain = text.substring(at, end);
        int comment = plain.startsWith("#") ? 0 : plain.indexOf(" #");
        return expansion.expand((comment < 0 ? plain : plain.substring(0, comment)).strip());
    }

    private String quoted(char quote) {
        var value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\n') {
                line++;
            }
            boolean escape = c == '\\' && quote == '"' && at < text.length();
            value.append(escape ? escaped(text.charAt(at++)) : String.valueOf(c));
        }
        if (at == text.length()) {
            throw new IllegalArgumentException("the quote " + quote + " has no end");
        }
        at++;
        refuseMore();
        return quote == '"' ? expansion.expand(value.toString()) : value.toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '"' -> "\"";
            case '\\' -> "\\";
            default -> "\\" + c;
        };
    }

    private void refuseMore() {
        String rest = text.substring(at, endOfLine()).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            throw new IllegalArgumentException("nothing but a comment expected after the closing quote");
        }
    }
}
