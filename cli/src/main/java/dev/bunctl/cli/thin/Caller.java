package dev.bunctl.cli.thin;

import java.io.File;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who called: what {@code bin/bunctl} found out before Java was started. */
public final class Caller {
    /** Variables that {@code bin/bunctl} changes for its own Java; what the caller had stands under this prefix. */
    private static final String KEPT = "BUNCTL_CALLER_";

    /** Holds what lets the caller in on another host. */
    public static final String TOKEN = "BUNCTL_TOKEN";

    private static final String[] CHANGED = {"LC_ALL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"};
    /** Set by the guard of {@code bunctl run} for the client that it executes, and for nobody else. */
    private static final String RUN = "BUNCTL_RUN";

    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_ROWS = 24;

    private Caller() {}

    /** The home folder, absolute. */
    public static String home() {
        String home = System.getProperty("bunctl.home");
        if (home == null || home.isEmpty()) {
            throw new IllegalStateException("bunctl.home is not set: start this through bin/bunctl");
        }
        return home;
    }

    /** Path of the socket on which the daemon, or the guard for it, listens. */
    public static String socket() {
        return home().concat(File.separator)
                .concat("run")
                .concat(File.separator)
                .concat("bunctl.sock");
    }

    /** Whether a standard stream, 0 to 2, is a terminal. */
    public static boolean isTerminal(int stream) {
        String terminal = System.getProperty("bunctl.terminal", "000");
        return terminal.length() > stream && terminal.charAt(stream) == '1';
    }

    /** Columns of the terminal, 80 where there is none. */
    public static int columns() {
        return size(1, DEFAULT_COLUMNS);
    }

    /** Rows of the terminal, 24 where there is none. */
    static int rows() {
        return size(0, DEFAULT_ROWS);
    }

    /** {@code stty size} prints rows and columns; a terminal that does not know its size says 0. */
    private static int size(int field, int absent) {
        String size = System.getProperty("bunctl.size", "");
        int space = size.indexOf(' ');
        if (space < 1) {
            return absent;
        }
        try {
            int number = Integer.parseInt(field == 0 ? size.substring(0, space) : size.substring(space + 1));
            return number > 0 ? number : absent;
        } catch (NumberFormatException unreadable) {
            return absent;
        }
    }

    /** Whether the user wants no colours, see no-color.org. */
    public static boolean wantsNoColour() {
        String wish = System.getenv("NO_COLOR");
        return wish != null && !wish.isEmpty();
    }

    /** The environment as the caller had it, but for the token, which no app is to inherit. */
    public static Map<String, String> environment() {
        return restored(System.getenv());
    }

    /** Undoes what {@code bin/bunctl} did to an environment. */
    static Map<String, String> restored(Map<String, String> environment) {
        Map<String, String> restored = new HashMap<>(environment);
        restored.remove(RUN);
        restored.remove(TOKEN);
        for (int i = 0; i < CHANGED.length; i++) {
            restored.remove(CHANGED[i]);
            String kept = restored.remove(KEPT.concat(CHANGED[i]));
            if (kept != null) {
                restored.put(CHANGED[i], kept);
            }
        }
        return restored;
    }

    /** What the daemon must know to draw for this caller. */
    static Map<String, @Nullable Object> terminal() {
        Map<String, @Nullable Object> terminal = new LinkedHashMap<>();
        terminal.put("stdin", isTerminal(0));
        terminal.put("stdout", isTerminal(1));
        terminal.put("stderr", isTerminal(2));
        terminal.put("columns", (long) columns());
        terminal.put("rows", (long) rows());
        return terminal;
    }
}
