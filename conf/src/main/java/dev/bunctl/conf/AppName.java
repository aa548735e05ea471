package dev.bunctl.conf;

/**
 * The name of an app: what the user types. Letters, digits, space, {@code . _ - @ +} and other Unicode letters; no
 * {@code /}, {@code :}, control characters or leading {@code -} or {@code .}; never {@code all}.
 *
 * @param value the name itself
 */
public record AppName(String value) implements Comparable<AppName> {
    public static final int MAX_LENGTH = 64;

    public AppName {
        String problem = problemOf(value);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** Says what is wrong with a name, or null when nothing is. */
    @org.jspecify.annotations.Nullable
    public static String problemOf(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return "a name has 1 to " + MAX_LENGTH + " characters";
        }
        if (text.equals("all")) {
            return "'all' names every app and cannot be the name of one";
        }
        if (text.startsWith("-") || text.startsWith(".") || text.contains("..")) {
            return "a name cannot start with '-' or '.', or contain '..'";
        }
        if (text.chars().allMatch(Character::isDigit)) {
            return "a name cannot be a number: numbers are ids";
        }
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (!Character.isLetterOrDigit(c) && "._-@+ ".indexOf(c) < 0) {
                return "a name cannot contain " + (Character.isISOControl(c) ? "a control character" : "'" + c + "'");
            }
        }
        if (text.isBlank() || !text.strip().equals(text)) {
            return "a name cannot start or end with a space";
        }
        return null;
    }

    @Override
    public int compareTo(AppName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
