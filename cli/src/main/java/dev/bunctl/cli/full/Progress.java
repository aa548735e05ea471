package dev.bunctl.cli.full;

import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.Console;

/** A word on the terminal while something takes its time; nothing where stderr is no terminal. */
final class Progress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\033[K";

    private final boolean shown;

    private Progress(boolean shown) {
        this.shown = shown;
    }

    static Progress show(String what) {
        boolean shown = Caller.isTerminal(2) && !"dumb".equals(System.getenv("TERM"));
        if (shown) {
            int _ = Console.err(what + " …");
        }
        return new Progress(shown);
    }

    @Override
    public void close() {
        if (shown) {
            int _ = Console.err(CLEAR_LINE);
        }
    }
}
