package dev.bunctl.verticles.log.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFormatTest {
    private static final Instant AT = Instant.parse("2026-02-01T13:04:05.067Z");

    private static String written(LineFormat format, byte[] line, Framer.Ending ending) {
        GrowingBytes out = new GrowingBytes();
        format.arrivedAt(AT);
        format.line(line, 0, line.length, ending, out);
        return new String(out.array(), 0, out.length(), UTF_8);
    }

    private static String announced(LineFormat format) {
        GrowingBytes out = new GrowingBytes();
        format.arrivedAt(AT);
        format.announcement("3 lines dropped", out);
        return new String(out.array(), 0, out.length(), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ISO|2026-02-01T13:04:05.067Z",
                "YYYY-MM-DD HH:mm:ss.SSS|2026-02-01 13:04:05.067",
                "YYYY-MM-DD HH:mm Z|2026-02-01 13:04 +00:00",
                "D/M/YY h:m:s a ZZ|1/2/26 1:4:5 pm +0000",
                "dddd, MMMM DD hh A|Sunday, February 01 01 PM",
                "ddd dd d MMM H|Sun Su 0 Feb 13",
                "[YYYY] X x|YYYY 1769951045 1769951045067"
            })
    void dayjsPatterns(String pattern, String expected) {
        assertEquals(expected, DayjsPattern.of(pattern, ZoneOffset.UTC).format(AT));
    }

    @Test
    void patternOfPlainText_andUnclosedBrackets_standForThemselvesButTheirTokens() {
        assertEquals("[12", DayjsPattern.of("[12", ZoneOffset.UTC).format(AT));
        assertEquals("'{}#", DayjsPattern.of("'{}#", ZoneOffset.UTC).format(AT));
    }

    @Test
    void localTime_isOfTheZone() {
        assertEquals(
                "14:04 +01:00",
                DayjsPattern.of("HH:mm Z", ZoneId.of("Europe/Berlin")).format(AT));
    }

    @Test
    void timestampedLine_standsBehindItsTime() {
        LineFormat format = new TimestampedLines(DayjsPattern.of("HH:mm:ss", ZoneOffset.UTC));
        assertEquals("13:04:05: hi\r\n", written(format, "hi\r".getBytes(UTF_8), Framer.Ending.LINE_FEED));
        assertEquals("13:04:05: [bunctl] 3 lines dropped\n", announced(format));
    }

    @Test
    void plainLineThatWasCut_isMarked() {
        assertEquals(
                "hi" + LineFormat.CUT_MARK + "\n",
                written(LineFormat.plain(), new byte[] {'h', 'i'}, Framer.Ending.LIMIT));
        assertEquals("hi\n", written(LineFormat.plain(), new byte[] {'h', 'i'}, Framer.Ending.END));
    }

    @Test
    void jsonLine_hasTheFieldsOfPm2() {
        LineFormat format = new JsonLines("my \"app\"", 2, "out");
        JsonObject object =
                new JsonObject(written(format, "h\t\"\\\u0001ü\uD83D\uDE00".getBytes(UTF_8), Framer.Ending.LINE_FEED));
        assertEquals(
                new JsonObject()
                        .put("message", "h\t\"\\\u0001ü\uD83D\uDE00")
                        .put("timestamp", "2026-02-01T13:04:05.067Z")
                        .put("type", "out")
                        .put("process_id", 2)
                        .put("app_name", "my \"app\""),
                object);
        JsonObject cut = new JsonObject(written(format, new byte[0], Framer.Ending.LIMIT));
        assertEquals(true, cut.getBoolean("partial"));
        assertEquals("bunctl", new JsonObject(announced(format)).getString("type"));
    }

    @Test
    void everyByteSequence_becomesValidJson_asTheDecoderOfJavaSeesIt() {
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] line = new byte[random.nextInt(40)];
            random.nextBytes(line);
            for (int i = 0; i < line.length; i++) {
                line[i] = random.nextInt(3) == 0 ? "\u20ac".getBytes(UTF_8)[i % 3] : line[i];
            }
            String json = written(new JsonLines("a", 0, "out"), line, Framer.Ending.LINE_FEED);
            String message = new JsonObject(json).getString("message");
            assertEquals(new String(line, UTF_8).replace("\ufffd", ""), message.replace("\ufffd", ""), "seed " + seed);
        }
    }

    @Test
    void growingBytes_giveBackWhatALargeBatchTook() {
        GrowingBytes bytes = new GrowingBytes();
        bytes.append(new byte[1 << 20]);
        assertEquals(1 << 20, bytes.length());
        bytes.clear();
        assertEquals(256 * 1024, bytes.array().length);
        assertEquals(0, bytes.length());
    }
}
