package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogEntry;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.state.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readings of logs that a client asks on, a batch at a time. */
@Timeout(60)
class LogReadingsTest extends ClientTest {
    private static final String READING = "00000000000000000000000000000001";

    private void start(String... lines) throws Exception {
        Path log = Files.createDirectories(home.resolve("logs")).resolve("api-out.log");
        Files.writeString(log, String.join("\n", lines) + "\n");
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
    }

    private void say(String text) {
        daemon.platform().processes().running("api:0").stdout().write(text);
    }

    private void send(String command, Map<String, ?> more) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("version", 1L);
        body.put("command", command);
        client.send(Protocol.COMMAND, body);
    }

    @SuppressWarnings("unchecked")
    private Answer reply() throws Exception {
        return MessageCodec.toAnswer((Map<String, @Nullable Object>) client.reply());
    }

    private Answer asked(String command, Map<String, ?> more) throws Exception {
        send(command, more);
        return reply();
    }

    private Answer.LogBatch batch(String command, Map<String, ?> more) throws Exception {
        return assertInstanceOf(Answer.LogBatch.class, asked(command, more));
    }

    private ErrorCode refusal(String command, Map<String, ?> more) throws Exception {
        return assertInstanceOf(Answer.Refused.class, asked(command, more)).code();
    }

    private static Map<String, ?> next(String reading, long after) {
        return Map.of("reading", reading, "after", after);
    }

    private static List<String> lines(Answer.LogBatch batch) {
        return batch.lines().stream()
                .map(entry ->
                        assertInstanceOf(LogEntry.Line.class, entry.content()).text())
                .toList();
    }

    /** Asks on until this line has come; the last batch. */
    private Answer.LogBatch until(String reading, Answer.LogBatch batch, String last, List<String> seen)
            throws Exception {
        Answer.LogBatch now = batch;
        seen.addAll(lines(now));
        while (!seen.contains(last)) {
            now = batch("next_logs", next(reading, now.number()));
            seen.addAll(lines(now));
        }
        return now;
    }

    @Test
    void past_isGivenToItsEnd_andAnAnswerThatWasLostOnceMore() throws Exception {
        start("one", "two", "three");

        Answer.LogBatch first = batch("open_logs", Map.of("reading", READING, "lines", 2L));

        assertEquals(List.of("two", "three"), lines(first));
        assertEquals(1, first.number());
        assertEquals(first, asked("open_logs", Map.of("reading", READING, "lines", 2L)));
        Answer.LogBatch second = batch("next_logs", next(READING, 1));
        assertEquals(List.of(), lines(second));
        assertTrue(second.last());
        assertEquals(second, asked("next_logs", next(READING, 1)));
        assertEquals(ErrorCode.INVALID, refusal("next_logs", next(READING, 7)));
    }

    @Test
    void follow_waitsForLines_andGoesOnWhereItStopped() throws Exception {
        start("old");
        List<String> seen = new ArrayList<>();
        Answer.LogBatch first = batch("open_logs", Map.of("reading", READING, "follow", true));
        say("new\n");
        Answer.LogBatch batch = until(READING, first, "new", seen);
        assertEquals(List.of("old", "new"), seen);
        Map<String, String> at = new HashMap<>(first.place().at());
        at.putAll(batch.place().at());
        assertTrue(batch("close_logs", Map.of("reading", READING)).last());
        assertEquals(ErrorCode.NOT_FOUND, refusal("next_logs", next(READING, batch.number())));
        say("missed\n");

        String other = READING.replace('1', '2');
        Map<String, Object> from = Map.of("since", first.place().since().toString(), "at", at);
        Answer.LogBatch again = batch("open_logs", Map.of("reading", other, "follow", true, "resume", from));
        List<String> after = new ArrayList<>();
        var _ = until(other, again, "missed", after);

        assertEquals(List.of("missed"), after);
    }

    @Test
    void whoAsksAgainWhileAnAnswerIsAwaited_takesItsPlace() throws Exception {
        start("old");
        Answer.LogBatch first = batch("open_logs", Map.of("reading", READING, "follow", true, "lines", 0L));
        send("next_logs", next(READING, first.number()));
        send("next_logs", next(READING, first.number()));
        Answer.LogBatch replaced = assertInstanceOf(Answer.LogBatch.class, reply());
        assertEquals(List.of(), replaced.lines());
        assertEquals(first.number(), replaced.number());
        say("new\n");
        assertEquals(List.of("new"), lines(assertInstanceOf(Answer.LogBatch.class, reply())));
    }

    @Test
    void oneMoreThanTheLimit_isRefused() throws Exception {
        start("old");
        for (int reading = 0; reading < LogReadings.MAX; reading++) {
            assertEquals(
                    1,
                    batch("open_logs", Map.of("reading", String.format("%032x", reading)))
                            .number());
        }
        Map<String, ?> oneMore = Map.of("reading", "f".repeat(LogReading.ID_LENGTH));
        assertEquals(ErrorCode.LIMIT, refusal("open_logs", oneMore));
        assertTrue(batch("close_logs", Map.of("reading", String.format("%032x", 0)))
                .last());
        assertEquals(1, batch("open_logs", oneMore).number());
    }

    @Test
    void beginning_isAudited_andGoingOnIsNot() throws Exception {
        start("old");
        var _ = batch("open_logs", Map.of("reading", READING));
        var _ = batch("next_logs", next(READING, 1));
        assertEquals(
                ErrorCode.UNKNOWN_APP,
                refusal("open_logs", Map.of("reading", READING.replace('1', '2'), "apps", List.of("no"))));
        String audited = Files.readString(home.resolve("audit.log"));
        assertEquals(
                2, audited.lines().filter(line -> line.contains("open_logs")).count(), audited);
        assertTrue(audited.lines().noneMatch(line -> line.contains("next_logs")), audited);
    }
}
