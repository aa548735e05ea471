package dev.bunctl.cli.thin;

import java.io.IOException;

/** There is no link, and trying again would not help: what happened, what to do about it, and how the command ends. */
public final class LinkRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int exit;
    private final String hint;

    /**
     * @param exit the exit code, see {@code dev.bunctl.bridge.message.ErrorCode}
     * @param hint what to do about it, or empty
     */
    public LinkRefusedException(int exit, String detail, String hint) {
        super(detail);
        this.exit = exit;
        this.hint = hint;
    }

    public int exit() {
        return exit;
    }

    public String hint() {
        return hint;
    }
}
