package dev.bunctl.verticles.main;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the daemon of a run has to say, on stderr: troubles only, for the rest is the output of the apps. */
final class ForegroundLog extends Handler {
    private final PrintStream err;

    ForegroundLog(PrintStream err) {
        this.err = err;
        setFormatter(new SimpleFormatter());
        setLevel(Level.WARNING);
    }

    static void install() {
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(new ForegroundLog(System.err));
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            String cause = entry.getThrown() == null ? "" : ": " + entry.getThrown();
            String message = getFormatter().formatMessage(entry) + cause;
            // A message may quote what came from outside: it must not look like a line of its own.
            err.println("bunctl: " + message.replace("\n", "\n    "));
        }
    }

    @Override
    public void flush() {
        err.flush();
    }

    @Override
    public void close() {
        err.flush();
    }
}
