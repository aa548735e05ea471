package dev.bunctl.verticles.main;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
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

    private static final Set<OpenOption> APPENDING = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private final Path file;
    private final long maxBytes;
    private OutputStream out;
    private long size;

    DaemonLog(Path file, long maxBytes) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.out = open();
        setFormatter(new SimpleFormatter());
    }

    /** Makes everything that is logged in this JVM go to the home's log. */
    static DaemonLog install(Path home) throws IOException {
        DaemonLog log = new DaemonLog(home.resolve("daemon.log"), MAX_BYTES);
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(log);
        return log;
    }

    private OutputStream open() throws IOException {
        FileChannel channel = FileChannel.open(
                file, APPENDING, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        size = channel.size();
        return Channels.newOutputStream(channel);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        byte[] line = line(entry).getBytes(StandardCharsets.UTF_8);
        try {
            if (size > 0 && size + line.length > maxBytes) {
                putAside();
            }
            out.write(line);
            size += line.length;
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

    private void putAside() throws IOException {
        out.close();
        for (int number = KEPT; number > 1; number--) {
            Path younger = aside(number - 1);
            if (Files.exists(younger)) {
                var _ = Files.move(younger, aside(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        var _ = Files.move(file, aside(1), StandardCopyOption.REPLACE_EXISTING);
        out = open();
    }

    private Path aside(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
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
