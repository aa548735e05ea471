package dev.bunctl.conf.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.source.ConfigLoader;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the bun or node that is on the PATH. */
class ProcessEvaluatorTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>(System.getenv());

    @BeforeEach
    void setVariables() {
        environment.put("WHO", "someone");
        environment.put("TMPDIR", root.toString());
    }

    private Loaded load(String name, String text, Duration limit) throws ConfigException {
        try {
            Path file = root.toRealPath().resolve(name);
            Files.writeString(file, text);
            var starter = new Starter(root.toRealPath(), root.toRealPath(), environment, 0, Map.of(), 1);
            return new ConfigLoader(new RuntimeEvaluator(starter, limit)).load(file, name);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.config.js|module.exports = {apps: [{name: process.env.WHO}]}",
                "a.config.cjs|exports.apps = [{name: process.env.WHO}]",
                "a.config.cjs|module.exports = () => ({apps: [{name: require('os').hostname() && process.env.WHO}]})",
                "a.config.mjs|export default {apps: [{name: process.env.WHO}]}",
                "a.config.mjs|export const apps = [{name: process.env.WHO}]",
                "a.config.mjs|export default async () => ({apps: [{name: await Promise.resolve('someone')}]})",
                "a.config.mjs|import fs from 'fs'; export default [{name: fs.existsSync('/') ? 'someone' : ''}]",
                "a.config.mjs|console.log('{}'); setInterval(() => {}, 10); export default {name: 'someone'}",
                "a.config.js|module.exports = {name: require('./other.json').name}"
            })
    void everyFormOfExport_isUnderstood(String name, String text) throws ConfigException, IOException {
        Files.writeString(root.resolve("other.json"), "{\"name\":\"someone\"}");
        Loaded loaded = load(name, text, LONG);
        assertEquals(
                "someone",
                loaded.apps()
                        .getFirst()
                        .fields()
                        .values()
                        .iterator()
                        .next()
                        .value()
                        .toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new Error('what I say')|failed with exit code 1; it wrote:",
                "throw new Error('what I say')|what I say",
                "module.exports = (|failed with exit code 1; it wrote:",
                "process.exit(0)|ended before it exported anything (process.exit?)",
                "console.error('last words'); process.exit(3)|failed with exit code 3; it wrote:\\n    last words",
                "module.exports = undefined|exports undefined",
                "module.exports = 1n|BigInt",
                "var a = {}; a.a = a; module.exports = a|failed with exit code 1",
                "module.exports = 7|a.config.js: an object or a list of apps expected, not 7",
                "module.exports = {apps: [{max_memory: 'x'}]}|a.config.js: apps[0].max_memory: 'max_memory': a size",
                "module.exports = {apps: [{nam: 'x'}]}|a.config.js: apps[0].nam: unknown field 'nam'; did you mean 'name'?"
            })
    void programThatFails_isRefusedWithWhatItWrote(String text, String part) {
        var refused = assertThrows(ConfigException.class, () -> load("a.config.js", text, LONG));
        assertTrue(String.valueOf(refused.getMessage()).contains(part.replace("\\n", "\n")), refused.getMessage());
    }

    @Test
    void programThatLoops_isEnded() {
        var refused = assertThrows(
                ConfigException.class,
                () -> load("a.config.js", "console.log('on'); for (;;) {}", Duration.ofSeconds(2)));
        assertTrue(String.valueOf(refused.getMessage()).contains("did not end within 2000 ms"), refused.getMessage());
    }

    @Test
    void programThatPrintsWithoutEnd_isEndedAndItsOutputCut() {
        var refused = assertThrows(
                ConfigException.class,
                () -> load(
                        "a.config.js",
                        "const fs = require('fs'); for (let i = 0; i < 100000; i++) fs.writeSync(2, 'x'.repeat(100) + '\\n');"
                                + " process.exit(9)",
                        LONG));
        assertTrue(String.valueOf(refused.getMessage()).length() < 10_000, "only the last lines are shown");
    }

    @Test
    void temporaryFiles_areGone() throws ConfigException, IOException {
        assertEquals(
                1,
                load("a.config.js", "module.exports = {name: 'a'}", LONG).apps().size());
        assertThrows(ConfigException.class, () -> load("b.config.js", "throw 1", LONG));
        try (var left = Files.list(root)) {
            assertEquals(
                    List.of("a.config.js", "b.config.js"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void hostWithoutRuntime_isToldSo() {
        environment.put("PATH", "/nowhere");
        var refused = assertThrows(ConfigException.class, () -> load("a.config.js", "", LONG));
        assertEquals(
                "a.config.js: is a program, and neither bun nor node is on the PATH to run it (install Bun: https://bun.sh)",
                refused.getMessage());
        assertTrue(refused.isNotFound());
    }
}
