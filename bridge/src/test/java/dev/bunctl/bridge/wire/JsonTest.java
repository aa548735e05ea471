package dev.bunctl.bridge.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void read_everyKind_asPlainValues() throws Exception {
        Map<String, @Nullable Object> read =
                Json.readObject(" {\"a\":[1,-2.5,1e3,true,false,null],\"b\":{\"c\":\"x\"},\"d\":9223372036854775807} ");
        assertEquals(Arrays.asList(1L, -2.5, 1000.0, true, false, null), read.get("a"));
        assertEquals(Map.of("c", "x"), read.get("b"));
        assertEquals(Long.MAX_VALUE, read.get("d"));
    }

    @Test
    void read_escapesAndUnicode_areDecoded() throws Exception {
        assertEquals("\"\\/\n\r\t\b\f é😀 你", Json.read("\"\\\"\\\\\\/\\n\\r\\t\\b\\f \\u00e9\\uD83D\\uDE00 你\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "nul",
                "truex",
                "'a'",
                "\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800\\u0041\"",
                "\"\n\"",
                "[1] 2",
                "NaN",
                "1e999",
                "9223372036854775808",
                "{\"a\":1,\"a\":2}",
                "[1 2]",
                "\u00a01"
            })
    void read_whatIsNoJson_isRefused(String text) {
        assertThrows(WireException.class, () -> Json.read(text));
    }

    @Test
    void read_malformedUtf8_isRefused() {
        byte[] overlong = {'"', (byte) 0xc0, (byte) 0x80, '"'};
        assertThrows(WireException.class, () -> Json.read(overlong, 0, overlong.length));
    }

    @Test
    void read_depthAtLimit_isReadAndOneMoreIsNot() throws Exception {
        String atLimit = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        assertEquals(atLimit, Json.write(Json.read(atLimit)));
        assertThrows(WireException.class, () -> Json.read("[" + atLimit + "]"));
    }

    @Test
    void read_numberAtLengthLimit_isReadAndOneMoreIsNot() throws Exception {
        String atLimit = "0." + "1".repeat(Json.MAX_NUMBER_LENGTH - 2);
        assertEquals(Double.parseDouble(atLimit), Json.read(atLimit));
        assertThrows(WireException.class, () -> Json.read(atLimit + "1"));
    }

    @Test
    void write_controlsAndQuotes_areEscaped() {
        assertEquals("\"\\\"\\\\\\n\\r\\t\\u0000\\u001f/é\"", Json.write("\"\\\n\r\t\u0000\u001f/é"));
    }

    @Test
    void write_whatJsonLacks_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(new Object())));
    }

    @Test
    void read_whatWasWritten_isTheSame() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            Object value = anything(new Random(seed), 0);
            assertEquals(value, Json.read(Json.write(value)), "seed " + seed);
        }
    }

    @Test
    void read_damagedText_neverFailsOtherwise() {
        Random random = new Random(7);
        byte[] good = Json.writeBytes(anything(new Random(3), 0));
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            try {
                assertEquals(Json.read(bad, 0, bad.length), Json.read(bad, 0, bad.length));
            } catch (WireException expected) {
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    private static @Nullable Object anything(Random random, int depth) {
        return switch (random.nextInt(depth < 4 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble();
            case 4, 5 -> text(random);
            case 6 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(anything(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(text(random), anything(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        String latin = new String(bytes, StandardCharsets.ISO_8859_1);
        return random.nextBoolean() ? latin : latin + "😀你é";
    }
}
