package dev.bunctl.verticles.main;

import dev.bunctl.verticles.log.files.RolledFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The daemon's own log, {@code <home>/daemon.log}: a line each, with the time in UTC, put aside by size. Any thread may
 * write; a write blocks on the disk, so little is said.
 */
final class DaemonLog extends Handler {
    static final long MAX_BYTES = 4L << 20;

    /** Files put aside, {@code daemon.log.1} the youngest. */
    static final int KEPT = 3;

    /**
     * Vert.x's bridge of the page, which logs every mistake of its clients, with their own words. They are told of it; whoever may
     * log in could wash the log away.
     */
    private static final String OF_PAGES = "io.vertx.ext.web.handler.sockjs.";

    private final RolledFile out;

    DaemonLog(Path file, long maxBytes) throws IOException {
        this.out = new RolledFile(file, maxBytes, KEPT);
        setFormatter(new SimpleFormatter());
    }

    /** Makes everything that is logged in this JVM go to the home's log. */
    static DaemonLog install(Path home) throws IOException {
        DaemonLog log = new DaemonLog(home.resolve("daemon.log"), MAX_BYTES);
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(log);
        return log;
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        if (!isLoggable(entry) || String.valueOf(entry.getLoggerName()).startsWith(OF_PAGES)) {
            return;
        }
        byte[] line = line(entry).getBytes(StandardCharsets.UTF_8);
        try {
            out.append(line);
        } catch (IOException e) {
            reportError("daemon.log cannot be written", e, ErrorManager.WRITE_FAILURE);
        }
    }

    private String line(LogRecord entry) {
        Instant at = entry.getInstant().truncatedTo(ChronoUnit.MILLIS);
        String name = String.valueOf(entry.getLoggerName());
        String source = name.substring(name.lastIndexOf('.') + 1);
        StringBuilder line = new StringBuilder(160);
        line.append(at)
                .append(' ')
                .append(entry.getLevel().getName())
                .append(' ')
                .append(source);
        // A message may quote what came from outside: it must not look like a line of ours.
        line.append(": ")
                .append(getFormatter().formatMessage(entry).replace("\n", "\n    "))
                .append('\n');
        if (entry.getThrown() != null) {
            StringWriter trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace));
            line.append("    ")
                    .append(trace.toString().strip().replace("\n", "\n    "))
                    .append('\n');
        }
        return line.toString();
    }

    @Override
    public void flush() {
        // every line is written at once
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            reportError("daemon.log cannot be closed", e, ErrorManager.CLOSE_FAILURE);
        }
    }
}
