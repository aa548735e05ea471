package dev.bunctl.conf.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bunctl.conf.Project;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated configurations are read or refused with problems; nothing else ever happens. */
class JsonFuzzTest {
    private static final int SHORT = 500;
    private static final int LONG = 20_000;
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "null",
            "true",
            "-1",
            "1e99",
            "99999999999999999999",
            "\"\\u0000\"",
            "${",
            "}",
            "${A:-${B",
            "\\",
            "/*",
            "//",
            "\"apps\"",
            "\"env\":{",
            "\"name\":\"..\"",
            "0.5",
            "\"max\"",
            "\"512M\"",
            "&a",
            "*a",
            "- ",
            "\n",
            "\t",
            "'",
            "%");
    private static final String SEED_TEXT = """
            {"apps":[{"name":"a","command":"bun run x.ts","cwd":".","env":{"A":"${B:-c}"},"instances":"max",
            "max_memory":"512M","backoff":{"initial":"1s","jitter":0.1},"depends_on":{"b":"ready"},"watch":true,
            "rlimits":{"nofile":"1:2"},"health_check":{"http":"http://h/","headers":{"a":"b"}},"cron_restart":"* * * * *",
            "stop_exit_codes":[1,2],"umask":"022","kill_timeout":5000,"ready":{"log":"x"},"logs":{"keep":1}}]}
            """;

    @TempDir
    Path root;

    @Test
    void fewMutations_areReadOrRefused() {
        mutate(SHORT, 11);
    }

    @Test
    @Tag("fuzz")
    void manyMutations_areReadOrRefused() {
        mutate(LONG, 12);
    }

    private void mutate(int rounds, long seed) {
        Project project = new Project(root).program("bun");
        var random = new Random(seed);
        int read = 0;
        int refused = 0;
        for (int round = 0; round < rounds; round++) {
            String name = random.nextBoolean() ? "f.json" : "f.yaml";
            String text = mutated(random);
            project.file(name, text);
            try {
                assertFalse(project.resolve(name).isEmpty());
                read++;
            } catch (ConfigException problems) {
                assertFalse(problems.problems().isEmpty());
                refused++;
            } catch (RuntimeException | StackOverflowError crash) {
                fail("seed " + seed + ", round " + round + ": " + crash + " on " + name + "\n" + text, crash);
            }
        }
        assertTrue(read > 0 && refused > 0, read + " read, " + refused + " refused");
    }

    private static String mutated(Random random) {
        var text = new StringBuilder(SEED_TEXT);
        for (int count = random.nextInt(4); count > 0; count--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, TOKENS.get(random.nextInt(TOKENS.size())));
                case 2 -> text.insert(from, text.substring(from, to));
                default -> text.setCharAt(from, (char) random.nextInt(256));
            }
        }
        return text.toString();
    }
}
