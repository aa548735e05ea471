package dev.bunctl.conf.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
    private static final long SEED = 42;

    @Test
    void words_endAtSpacesOutsideQuotes() {
        assertEquals(List.of(), CommandWords.split("  \t\n"));
        assertEquals(List.of("a", "b c", "d e", "f g"), CommandWords.split(" a 'b c'\t\"d e\" f\\ g "));
        assertEquals(List.of("a''b", ""), CommandWords.split("\"a''b\" ''"));
        assertEquals(List.of("--x=a b"), CommandWords.split("--x='a b'"));
        assertEquals(List.of("${A:-b c}", "d"), CommandWords.split("${A:-b c} d"));
        assertEquals(List.of("${A", "b"), CommandWords.split("${A b"));
    }

    @Test
    void backslashes_escapeAsInAShell() {
        assertEquals(List.of("a\"b\\c\\n"), CommandWords.split("\"a\\\"b\\\\c\\n\""));
        assertEquals(List.of("a\\b"), CommandWords.split("'a\\b'"));
    }

    @Test
    void shellCharacters_stayLiteral() {
        String line = "a && b | c > d ; $X `e` * ? ~ # ! ( )";
        assertEquals(List.of(line.split(" ")), CommandWords.split(line));
    }

    @Test
    void openQuote_isRefused() {
        for (String line : List.of("a 'b", "a \"b", "a\\")) {
            assertThrows(IllegalArgumentException.class, () -> CommandWords.split(line), line);
        }
    }

    @Test
    void joinedWords_areSplitAgain() {
        var random = new Random(SEED);
        String alphabet = "ab '\"\\\n\t*;é";
        for (int round = 0; round < 2_000; round++) {
            var words = new ArrayList<String>();
            for (int count = random.nextInt(5); count > 0; count--) {
                var word = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    word.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                words.add(word.toString());
            }
            assertEquals(words, CommandWords.split(CommandWords.join(words)), "seed " + SEED + ", round " + round);
        }
    }
}
