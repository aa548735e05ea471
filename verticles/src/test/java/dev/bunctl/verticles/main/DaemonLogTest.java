package dev.bunctl.verticles.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonLogTest {
    @TempDir
    private Path home;

    private Path file() {
        return home.resolve("daemon.log");
    }

    private static LogRecord entry(String text) {
        LogRecord entry = new LogRecord(Level.WARNING, text);
        entry.setLoggerName("dev.bunctl.verticles.Some");
        entry.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
        return entry;
    }

    @Test
    void line_hasTimeLevelAndSource_andTheFileIsTheOwnersAlone() throws IOException {
        DaemonLog log = new DaemonLog(file(), 1000);
        log.publish(entry("hello"));
        log.close();

        assertEquals("2026-01-02T03:04:05.678Z WARNING Some: hello\n", Files.readString(file()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void textWithLineEnds_cannotLookLikeALineOfItsOwn() throws IOException {
        DaemonLog log = new DaemonLog(file(), 1000);
        LogRecord entry = entry("a\n2026-01-02T03:04:05.678Z INFO Some: forged");
        entry.setThrown(new IOException("cause\nof two lines"));
        log.publish(entry);
        log.close();

        for (String line : Files.readAllLines(file()).subList(1, 4)) {
            assertTrue(line.startsWith("    "), line);
        }
    }

    @Test
    void mistakesOfPages_areNotWritten() throws IOException {
        DaemonLog log = new DaemonLog(file(), 1000);
        LogRecord mistake = entry("Invalid type in incoming message: whatever a page says");
        mistake.setLoggerName("io.vertx.ext.web.handler.sockjs.impl.EventBusBridgeImpl");
        log.publish(mistake);
        log.publish(entry("hello"));
        log.close();

        assertEquals("2026-01-02T03:04:05.678Z WARNING Some: hello\n", Files.readString(file()));
    }

    @Test
    void fullFile_isPutAside_andOnlySomeAreKept() throws IOException {
        String text = "x".repeat(45);
        int one = "2026-01-02T03:04:05.678Z WARNING Some: \n".length() + text.length();
        DaemonLog log = new DaemonLog(file(), 2L * one);
        for (int n = 0; n < 20; n++) {
            log.publish(entry(text));
        }
        log.close();

        assertEquals(2L * one, Files.size(file()), "exactly at the limit");
        for (int number = 1; number <= DaemonLog.KEPT; number++) {
            assertEquals(2L * one, Files.size(home.resolve("daemon.log." + number)));
        }
        assertFalse(Files.exists(home.resolve("daemon.log." + (DaemonLog.KEPT + 1))));
    }

    @Test
    void existingFile_isContinued() throws IOException {
        Files.writeString(file(), "before\n");
        DaemonLog log = new DaemonLog(file(), 1000);
        log.publish(entry("after"));
        log.close();

        assertTrue(Files.readString(file()).startsWith("before\n2026-"));
    }
}
