package dev.bunctl.bridge.command;

/** A command line that makes no sense: becomes a {@link Request.Rejected}, never leaves the parser. */
public final class UsageException extends Exception {
    private final String hint;

    public UsageException(String message) {
        this(message, "");
    }

    public UsageException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
