package dev.bunctl.conf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.evaluate.ConfigEvaluator;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.ConfigLimits;
import dev.bunctl.conf.tree.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root).program("bun");
    }

    @Test
    void referenceExample_loadsAsIs() throws ConfigException, IOException {
        Path app = Files.createDirectories(root.resolve("elsewhere")).toRealPath();
        // The only change: a folder of this test's in the place of /app.
        String json = """
                {"apps":[{"name":"api","command":"bun run src/server.ts","cwd":"/app","env":{"PORT":"3000",\
                "NODE_ENV":"production"},"max_memory":536870912,"max_cpu_percent":50,"restart_policy":"always"}]}
                """.replace("/app", app.toString());
        AppSpec spec = project.app(json);
        assertEquals("api", spec.name().value());
        assertEquals(
                new Program(
                        project.bin().resolve("bun"),
                        List.of("bun", "run", "src/server.ts"),
                        "bun run src/server.ts",
                        Program.Engine.BUN),
                spec.program());
        assertEquals(app, spec.directory());
        assertEquals(Map.of("PORT", "3000", "NODE_ENV", "production"), spec.environment());
        assertEquals(Optional.of(512L << 20), spec.limits().maxMemory());
        assertEquals(Optional.of(50.0), spec.limits().maxCpuPercent());
        assertEquals(RestartPolicy.DEFAULT, spec.restart());
    }

    @Test
    void listOrOneApp_isEnough() throws ConfigException {
        assertEquals(
                "one",
                project.app("{\"name\":\"one\",\"command\":\"bun x\"}").name().value());
        assertEquals(
                2,
                project.file("b.json", "[{\"name\":\"a\"},{\"name\":\"b\"}]")
                        .load("b.json")
                        .apps()
                        .size());
    }

    @Test
    void commentsAndTrailingCommas_areAllowed() throws ConfigException {
        AppSpec spec = project.app("// why\n{/* x */\"name\":\"a\",\"command\":\"bun x\",}\n");
        assertEquals("a", spec.name().value());
    }

    @Test
    void brokenJson_isShownWithLineAndColumn() {
        assertRefused("{\n  \"name\": oops\n}", "b.json:2:");
        assertRefused("{\"name\":\"a\",\n\"name\":\"b\"}", "b.json:2:1: 'name' is already given at line 1");
        assertRefused("{} x", "b.json:1:");
        assertRefused("{\"name\":\"a\"} {}", "b.json:1:14: nothing expected after the end of the value");
        assertRefused("", "b.json:1:1: empty");
        assertRefused("[]", "b.json:1:1: at least one app expected, not an empty list");
        assertRefused("{\"apps\":[]}", "b.json:1:1: at least one app expected, not an empty list");
        assertRefused("7", "b.json:1:1: an object or a list of apps expected, not 7");
        assertRefused("[7]", "b.json:1:2: an object with the fields of an app expected, not 7");
        assertRefused("[".repeat(ConfigLimits.MAX_DEPTH + 1), "b.json:1:33: at most 32 objects and lists");
        assertRefused("[".repeat(ConfigLimits.MAX_DEPTH) + "]".repeat(ConfigLimits.MAX_DEPTH), "b.json:1:2: an object");
        assertRefused("{\"name\":\"" + "x".repeat(ConfigLimits.MAX_TEXT + 1) + "\"}", "b.json");
        assertRefused("{\"name\":123456789012345678901}", "b.json:1:9: a number of at most 64 bits expected");
        assertRefused("{\"instances\":1e999}", "b.json:1:14: a number that large cannot be used");
    }

    @Test
    void severalMistakes_areToldAtOnce() {
        List<Problem> problems = refused("""
                {"apps": [{
                  "name": "a/b",
                  "max_memry": "1G",
                  "max_memory": "lots",
                  "maxRestarts": 3,
                  "restart_policy": "sometimes",
                  "backoff": {"jitter": 2},
                  "env": {"A": null, "B": 1, "C": true}
                }], "aps": 1}
                """).problems();
        assertEquals(
                List.of(
                        "b.json:9:5: unknown field 'aps' beside 'apps'; 'watch_config' expected, or a field of an app"
                                + " inside 'apps'",
                        "b.json:2:11: 'name': another name (a name cannot contain '/') expected, not 'a/b'",
                        "b.json:3:3: unknown field 'max_memry'; did you mean 'max_memory'?",
                        "b.json:4:17: 'max_memory': a size in bytes or such as \"512M\" or \"1.5G\" expected, not 'lots'",
                        "b.json:5:3: unknown field 'maxRestarts'; did you mean 'max_restarts'?",
                        "b.json:6:21: 'restart_policy': one of always, unless-stopped, on-failure, no expected, not"
                                + " 'sometimes'",
                        "b.json:7:25: 'backoff.jitter': a number from 0 to 1 expected, not 2"),
                problems.stream().map(Problem::toString).toList());
    }

    @Test
    void moreMistakesThanAreKept_areCounted() {
        String fields = "\"zzzzz%d\":1,".repeat(25);
        List<Problem> problems =
                refused("{\"name\":\"a\"," + numbered(fields) + "}").problems();
        assertEquals(21, problems.size());
        assertTrue(
                problems.getLast().message().contains("and 5 more problems"),
                problems.getLast().message());
    }

    private static String numbered(String text) {
        var numbered = new StringBuilder();
        int number = 0;
        for (String part : text.split("%d", -1)) {
            numbered.append(number == 0 ? "" : String.valueOf(number)).append(part);
            number++;
        }
        return numbered.toString();
    }

    @Test
    void fieldUnderTwoNames_isRefused() {
        assertRefused(
                "{\"stop_timeout\":1,\n \"kill_timeout\":2}",
                "b.json:2:2: 'kill_timeout' and 'stop_timeout' are one field: only one of them expected");
    }

    @Test
    void pm2FieldWithoutMeaning_isAWarning() throws ConfigException {
        Loaded loaded = project.file("b.json", "{\"apps\":[{\"name\":\"a\",\"vizion\":false}],\"deploy\":{}}")
                .load("b.json");
        assertEquals(2, loaded.warnings().size());
        assertEquals(
                "b.json:1:22: 'vizion' has no meaning here: repositories are not inspected",
                loaded.warnings().get(1).toString());
    }

    @Test
    void missingFileOrFolder_isNotFound() {
        var missing = assertThrows(ConfigException.class, () -> project.load("none.json"));
        assertTrue(missing.isNotFound());
        assertEquals("none.json: there is no such file", missing.getMessage());
        project.file("d.json/x", "");
        assertEquals(
                "d.json: a file expected, not a folder",
                assertThrows(ConfigException.class, () -> project.load("d.json"))
                        .getMessage());
    }

    @Test
    void textThatIsNoUtf8_isRefused() throws IOException {
        Files.write(project.folder().resolve("b.json"), new byte[] {'{', (byte) 0xff, '}'});
        assertEquals(
                "b.json: UTF-8 text expected",
                assertThrows(ConfigException.class, () -> project.load("b.json"))
                        .getMessage());
    }

    @Test
    void fileAtTheLimit_isReadAndOneBeyondRefused() throws IOException, ConfigException {
        byte[] text = new byte[ConfigLimits.MAX_BYTES];
        java.util.Arrays.fill(text, (byte) ' ');
        byte[] app = "{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(app, 0, text, 0, app.length);
        Files.write(project.folder().resolve("b.json"), text);
        assertEquals(1, project.load("b.json").apps().size());
        Files.write(project.folder().resolve("b.json"), java.util.Arrays.copyOf(text, text.length + 1));
        assertRefused("b.json: at most " + ConfigLimits.MAX_BYTES + " bytes expected");
    }

    @Test
    void tenThousandApps_areReadAndOneMoreRefused() throws ConfigException {
        assertEquals(
                ConfigLimits.MAX_APPS,
                project.file("b.json", apps(ConfigLimits.MAX_APPS))
                        .resolve("b.json")
                        .size());
        project.file("b.json", apps(ConfigLimits.MAX_APPS + 1));
        assertRefused("b.json:1:1: at most 10000 apps expected, not 10001");
    }

    private static String apps(int count) {
        var json = new StringBuilder("[");
        for (int at = 0; at < count; at++) {
            json.append(at == 0 ? "" : ",\n")
                    .append("{\"name\":\"app-")
                    .append(at)
                    .append("\",\"command\":\"bun run x.ts\",\"env\":{\"PORT\":")
                    .append(3000 + at)
                    .append("}}");
        }
        return json.append("]").toString();
    }

    @Test
    void standardInput_isJsonRelativeToTheCurrentFolder() throws ConfigException {
        var in = new ByteArrayInputStream("[{\"name\":\"a\"}]".getBytes(StandardCharsets.UTF_8));
        Loaded loaded = new ConfigLoader(ConfigEvaluator.none()).read(in, project.folder());
        assertEquals(project.folder(), loaded.base());
        assertEquals("standard input", loaded.source());
        assertFalse(loaded.watched());
    }

    @Test
    void discovery_prefersTheFolderThenConfigThenPackageJson() {
        assertEquals(Optional.empty(), Discovery.find(project.folder()));
        for (String name : List.of(
                "package.json", "config/pm2.config.js", "config/bunctl.json", "ecosystem.config.js", "bunctl.json")) {
            project.file(name, "");
            assertEquals(Optional.of(project.folder().resolve(name)), Discovery.find(project.folder()));
        }
    }

    @Test
    void whatIsNotClosed_isToldWithBothPlacesAndNothingOfTheParser() {
        project.file("b.json", "{\"apps\":[\n");
        var refused = assertThrows(ConfigException.class, () -> project.load("b.json"));
        assertEquals(
                "b.json:2:1: not valid JSON: Unexpected end-of-input: expected close marker for Array (start marker at"
                        + " line 1, column 9)",
                refused.getMessage());
    }

    @Test
    void fileInAFolderCalledConfig_countsFromTheFolderAbove() {
        assertEquals(Path.of("/srv/app"), Discovery.base(Path.of("/srv/app/config/bunctl.json")));
        assertEquals(Path.of("/srv/app"), Discovery.base(Path.of("/srv/app/bunctl.json")));
    }

    private ConfigException refused(String json) {
        project.file("b.json", json);
        return assertThrows(ConfigException.class, () -> project.load("b.json"));
    }

    private void assertRefused(String json, String start) {
        String message = String.valueOf(refused(json).getMessage());
        assertTrue(message.startsWith(start), message);
    }

    private void assertRefused(String message) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> project.load("b.json"))
                        .getMessage());
    }
}
