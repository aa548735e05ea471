package dev.bunctl.bridge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.message.Selection;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogCommandsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static Request.ReadLogs read(boolean terminal, String... words) {
        return assertInstanceOf(Request.ReadLogs.class, Grammar.parse(List.of(words), terminal));
    }

    private static LogQuery query(String line) {
        return read(false, line.split(" ")).query();
    }

    private static Request.Rejected rejected(String... words) {
        return assertInstanceOf(Request.Rejected.class, Grammar.parse(List.of(words), false));
    }

    @ParameterizedTest
    @CsvSource({"logs,15,false", "logs -f,15,true", "logs -n 3,3,false", "logs --lines=0 --nostream,0,false"})
    void logs_intoAPipe_followOnlyWhenAsked(String line, int lines, boolean follow) {
        assertEquals(lines, query(line).lines());
        assertEquals(follow, query(line).follow());
    }

    @ParameterizedTest
    @CsvSource({"logs,true", "logs --nostream,false", "logs -f,true", "logs --until 10m,false"})
    void logs_onATerminal_followUnlessToldNotTo(String line, boolean follow) {
        assertEquals(follow, read(true, line.split(" ")).query().follow());
    }

    @Test
    void logs_oneStream_isRead() {
        LogQuery err = query("logs api --err");
        assertTrue(err.stderr() && !err.stdout());
        LogQuery both = query("logs api --err --out");
        assertTrue(both.stderr() && both.stdout());
    }

    @Test
    void logs_linesAtLimit_areReadAndOneMoreIsRefused() {
        assertEquals(LogQuery.MAX_LINES, query("logs -n " + LogQuery.MAX_LINES).lines());
        assertTrue(
                rejected("logs", "-n", "" + (LogQuery.MAX_LINES + 1)).message().contains("0 to 1000000"));
    }

    @Test
    void logs_ofATime_areAllOfItsLines_unlessANumberIsGiven() {
        assertEquals(LogQuery.MAX_LINES, query("logs --since 10m").lines());
        assertEquals(LogQuery.MAX_LINES, query("logs --until 10m").lines());
        assertEquals(3, query("logs --since 10m -n 3").lines());
    }

    @Test
    void logs_times_meanWhatTheReadersClockSays() {
        Request.ReadLogs read = read(false, "logs", "--since", "1d2h", "--until", "2026-01-31 08:30");

        LogQuery query = read.command(NOW, ZoneId.of("Europe/Vienna")).query();

        assertEquals(Optional.of(Instant.parse("2026-01-30T10:00:00Z")), query.since());
        assertEquals(Optional.of(Instant.parse("2026-01-31T07:30:00Z")), query.until());
    }

    @ParameterizedTest
    @CsvSource({
        "0s,2026-01-31T12:00:00Z",
        "90s,2026-01-31T11:58:30Z",
        "10m,2026-01-31T11:50:00Z",
        "1w,2026-01-24T12:00:00Z",
        "1h30m,2026-01-31T10:30:00Z",
        "2026-01-30,2026-01-30T00:00:00Z",
        "2026-01-30 23:59,2026-01-30T23:59:00Z",
        "2026-01-30T23:59:58.125,2026-01-30T23:59:58.125Z",
        "2026-01-30T23:59:58Z,2026-01-30T23:59:58Z",
        "2026-01-30 23:59:58+02:00,2026-01-30T21:59:58Z",
        "08:15,2026-01-31T08:15:00Z"
    })
    void time_isUnderstood(String text, String meant) {
        assertEquals(
                Optional.of(Instant.parse(meant)), TimeWord.parse(text).map(time -> time.resolve(NOW, ZoneOffset.UTC)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yesterday", "10", "m", "10x", "2026-13-01", "25:00", "2026-01-31T", "-5m", "9999999w", " "})
    void time_thatMakesNoSense_isRefusedWithWhatIsExpected(String text) {
        Request.Rejected refused = rejected("logs", "--since", text);
        assertEquals("--since takes a time, not '" + text + "'", refused.message());
        assertTrue(refused.hint().orElse("").contains("10m"));
    }

    @Test
    void grep_thatIsNoRegularExpression_isRefused() {
        assertEquals(Optional.of("a|b"), query("logs --grep a|b").pattern());
        assertTrue(rejected("logs", "--grep", "(").message().startsWith("--grep takes a regular expression: "));
    }

    @Test
    void logs_viewOptions_areTaken() {
        assertEquals(new LogView(false, false, false, true), read(false, "logs").view());
        assertEquals(
                new LogView(true, true, true, false),
                read(false, "logs", "--json", "--raw", "--timestamp", "--no-color")
                        .view());
    }

    @Test
    void logs_whatCannotBeBoth_isRefused() {
        assertEquals(
                "--follow and --nostream cannot both be given",
                rejected("logs", "-f", "--nostream").message());
        assertEquals(
                "--follow and --until cannot both be given",
                rejected("logs", "-f", "--until", "1m").message());
    }

    @Test
    void flushRotateAndReload_areAsked() {
        assertEquals(new Command.FlushLogs(new Selection.All()), asked("flush"));
        assertEquals(new Command.FlushLogs(new Selection.Named(List.of("api"))), asked("flush", "api"));
        assertEquals(new Command.RotateLogs(new Selection.Named(List.of("api:1"))), asked("rotate", "api:1"));
        assertEquals(new Command.ReloadLogs(), asked("reload-logs"));
        assertEquals(new Command.ReloadLogs(), asked("reloadLogs"));
    }

    private static Command asked(String... words) {
        return assertInstanceOf(Request.Ask.class, Grammar.parse(List.of(words), false))
                .command();
    }
}
