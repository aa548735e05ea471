package dev.bunctl.bridge.wire;

/**
 * Which commands the thin client carries out by itself. A copy of what the command table says, because the table is too slow to
 * load in the thin client; a test keeps them the same.
 */
public final class Routes {
    private Routes() {}

    /** Whether the daemon alone can parse, do and render a command line that begins with this word. */
    public static boolean isForDaemon(String word) {
        return switch (word) {
            case "stop", "restart", "reload", "delete", "del", "list", "ls", "l", "ps", "status", "logs", "log" -> true;
            case "describe", "desc", "show", "history", "reset", "set-limit", "ping", "kill" -> true;
            case "watch", "unwatch", "nodes" -> true;
            case "flush", "rotate", "reload-logs", "reloadLogs" -> true;
            case "scale", "signal", "sendSignal" -> true;
            default -> false;
        };
    }
}
