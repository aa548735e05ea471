package dev.bunctl.verticles.log.frame;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramerTest {
    /** The bytes as Latin-1, which keeps each. */
    private record Line(String latin, Framer.Ending ending) {
        byte[] bytes() {
            return latin.getBytes(ISO_8859_1);
        }

        String text() {
            return new String(bytes(), UTF_8) + "/" + ending;
        }
    }

    private static final String MULTIBYTE =
            "añ€\uD83D\uDE00\r\n\n\u001b[31mrot\u001b[0m\0\nüü€€\uD83D\uDE00\uD83D\uDE00é";

    private static List<Line> frame(int max, byte[] input, int... splits) {
        Framer framer = new Framer(max);
        List<Line> lines = new ArrayList<>();
        Framer.Lines sink = (bytes, from, to, ending) ->
                lines.add(new Line(new String(bytes, from, to - from, ISO_8859_1), ending));
        int at = 0;
        for (int split : splits) {
            framer.feed(input, at, split, sink);
            at = split;
        }
        framer.feed(input, at, input.length, sink);
        framer.finish(sink);
        assertEquals(0, framer.pending());
        return lines;
    }

    private static List<String> texts(List<Line> lines) {
        return lines.stream().map(Line::text).toList();
    }

    @Test
    void everyByteIsKept_carriageReturnsEscapesAndNulsIncluded() {
        assertEquals(
                List.of(
                        "añ€\uD83D\uDE00\r/LINE_FEED",
                        "/LINE_FEED",
                        "\u001b[31mrot\u001b[0m\0/LINE_FEED",
                        "üü€€\uD83D\uDE00\uD83D\uDE00é/END"),
                texts(frame(1000, MULTIBYTE.getBytes(UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 18, 19, 20, 1000})
    void everySplitOfMultibyteInput_givesTheSameLines(int max) {
        byte[] input = MULTIBYTE.getBytes(UTF_8);
        List<String> whole = texts(frame(max, input));
        for (int first = 0; first <= input.length; first++) {
            for (int second = first; second <= input.length; second++) {
                assertEquals(whole, texts(frame(max, input, first, second)), "split at " + first + ", " + second);
            }
        }
    }

    @Test
    void byteByByte_givesTheSameLines() {
        byte[] input = MULTIBYTE.getBytes(UTF_8);
        int[] everywhere =
                java.util.stream.IntStream.rangeClosed(0, input.length).toArray();
        assertEquals(texts(frame(16, input)), texts(frame(16, input, everywhere)));
    }

    @Test
    void randomInputRandomlySplit_loseNothingAndCutsNoCharacter() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] input = randomText(random).getBytes(UTF_8);
            int max = Framer.MIN_LINE_BYTES + random.nextInt(24);
            int[] splits =
                    random.ints(random.nextInt(8), 0, input.length + 1).sorted().toArray();
            List<Line> lines = frame(max, input, splits);
            String message = "seed " + seed;
            assertArrayEquals(input, joined(lines), message);
            assertEquals(texts(frame(max, input)), texts(lines), message);
            for (Line line : lines) {
                assertTrue(line.latin().length() <= max, message);
                assertDoesNotThrow(() -> UTF_8.newDecoder().decode(ByteBuffer.wrap(line.bytes())), message);
                assertTrue(line.ending() != Framer.Ending.LIMIT || line.latin().length() > max - 4, message);
            }
        }
    }

    @Test
    void bytesThatAreNoUtf8_areKeptAndCutAtTheLimit() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] input = new byte[random.nextInt(300)];
            random.nextBytes(input);
            int[] splits = random.ints(3, 0, input.length + 1).sorted().toArray();
            List<Line> lines = frame(32, input, splits);
            assertArrayEquals(input, joined(lines), "seed " + seed);
            assertEquals(texts(frame(32, input)), texts(lines), "seed " + seed);
        }
    }

    @Test
    void lineAtTheLimit_isNotCut_oneByteMoreIs() {
        String line = "x".repeat(64);
        assertEquals(List.of(line + "/LINE_FEED"), texts(frame(64, (line + "\n").getBytes(ISO_8859_1))));
        assertEquals(List.of(line + "/LIMIT", "y/LINE_FEED"), texts(frame(64, (line + "y\n").getBytes(ISO_8859_1))));
        assertEquals(List.of(line + "/END"), texts(frame(64, line.getBytes(ISO_8859_1))));
    }

    @Test
    void limitBelowTheLeast_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Framer(Framer.MIN_LINE_BYTES - 1));
    }

    @Test
    void lineFeedsAreFoundAtEveryOffset() {
        for (int length = 0; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                byte[] bytes = new byte[length];
                java.util.Arrays.fill(bytes, (byte) 0x8a);
                bytes[at] = '\n';
                assertEquals(at, Bytes.indexOfLineFeed(bytes, 0, length));
                assertEquals(-1, Bytes.indexOfLineFeed(bytes, at + 1, length));
                assertEquals(-1, Bytes.indexOfLineFeed(bytes, 0, at));
                assertEquals(at, Bytes.lastIndexOfLineFeed(bytes, 0, length));
                assertEquals(1, Bytes.countLineFeeds(bytes, 0, length));
            }
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        String alphabet = "ab\nñ€\uD83D\uDE00z";
        int[] points = alphabet.codePoints().toArray();
        int length = random.nextInt(120);
        for (int i = 0; i < length; i++) {
            int pick = random.nextInt(points.length + 4);
            text.appendCodePoint(pick < points.length ? points[pick] : 'x');
        }
        return text.toString();
    }

    private static byte[] joined(List<Line> lines) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Line line : lines) {
            all.writeBytes(line.bytes());
            if (line.ending() == Framer.Ending.LINE_FEED) {
                all.write('\n');
            }
        }
        return all.toByteArray();
    }
}
