package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations of every format through the real command: written, checked, shown, started. */
class ConfigurationIT {
    private static final String SERVER =
            "console.log('got', process.env.PORT, process.env.NODE_ENV);" + " setInterval(() => {}, 1000);\n";

    private Bunctl bunctl;

    @BeforeEach
    void open() {
        bunctl = new Bunctl();
    }

    @AfterEach
    void close() {
        bunctl.close();
    }

    private void server(String name) {
        bunctl.write(name, SERVER);
    }

    /** What the app of that name has printed, once it has printed a line. */
    private String printed(String app) {
        Bunctl.await(
                () -> app + " printed a line",
                () -> bunctl.log(app + "-out.log").contains("\n"));
        return bunctl.log(app + "-out.log").strip();
    }

    // ---- init

    @ParameterizedTest
    @CsvSource({"json,bunctl.json", "yaml,bunctl.yaml", "js,ecosystem.config.js", "mjs,ecosystem.config.mjs"})
    void whatInitWrites_startsAsItIs(String format, String file) {
        server("src/server.ts");
        Bunctl.Result written = bunctl.run(
                        "init", "--name", "api", "--port", "4711", "--memory", "512M", "--format", format)
                .succeeded();
        assertEquals(file + "\n", written.out());
        bunctl.run("start").succeeded();
        assertEquals("online", bunctl.status("api:0").get("state"));
        assertEquals("got 4711 production", printed("api"));
    }

    @Test
    void bareInit_findsTheEntryPointOfThePackage() {
        server("lib/main.js");
        bunctl.write("package.json", "{\"name\":\"@shop/web\",\"scripts\":{\"start\":\"bun lib/main.js\"}}");
        bunctl.run("init", "--yes").succeeded();
        bunctl.run("start").succeeded();
        assertEquals("got undefined production", printed("web"));
    }

    @Test
    void init_writesNothingThatCouldNotStart() {
        server("src/server.ts");
        Map<Integer, List<String>> refused = Map.of(
                5, List.of("init", "--entry", "gone.ts"),
                3, List.of("init", "--memory", "lots"),
                2, List.of("init", "--format", "xml"));
        refused.forEach(
                (exit, words) -> bunctl.run(words.toArray(String[]::new)).failedWith(exit));
        assertFalse(Files.exists(bunctl.folder().resolve("bunctl.json")));
    }

    @Test
    void init_neverReplacesAFileUnlessForced() {
        server("src/server.ts");
        Path mine = bunctl.write("bunctl.json", "mine");
        bunctl.run("init").failedWith(3);
        bunctl.run("init", "--format", "yaml").failedWith(3);
        assertEquals("mine", Bunctl.read(mine));
        bunctl.run("init", "--force").succeeded();
        bunctl.run("validate").succeeded();
    }

    @Test
    void initFromAnEcosystemFile_startsTheSameApps() {
        server("a.ts");
        server("b.ts");
        bunctl.write("ecosystem.config.js", """
                module.exports = { apps: [
                  { name: 'a', script: 'a.ts', instances: 2, env: { PORT: 1 } },
                  { name: 'b', script: 'b.ts', autorestart: false },
                ] };
                """);
        bunctl.run("init", "--from-ecosystem", "ecosystem.config.js").succeeded();
        bunctl.run("start").succeeded();
        List<String> running = new ArrayList<>();
        bunctl.status()
                .forEach(app -> running.add(app.get("name") + ":" + app.get("instance") + " " + app.get("state")));
        assertEquals(List.of("a:0 online", "a:1 online", "b:0 online"), running);
    }

    // ---- programs

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ecosystem.config.js|module.exports = {apps: [{name: 'p', script: 's.ts', env: {PORT: 7}}]};",
                "ecosystem.config.cjs|exports.apps = [{name: 'p', exec: 's.ts', env: {PORT: process.env.GIVEN}}];",
                "ecosystem.config.mjs|export default () => ({name: 'p', script: 's.ts', env: {PORT: 7}});",
                "pm2.config.ts|const port: number = 7; export default async () => ({apps: [{name: 'p', script: 's.ts', env: {PORT: port}}]});",
                "bunctl.config.js|const base = require('./base.js'); module.exports = [{...base, name: 'p'}];"
            })
    void configurationThatIsAProgram_isEvaluatedAndStarted(String file, String text) {
        server("s.ts");
        bunctl.write("base.js", "module.exports = {script: 's.ts', env: {PORT: 7}};");
        bunctl.write(file, text);
        bunctl.with("GIVEN", "7").run("start").succeeded();
        assertEquals("got 7 undefined", printed("p"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new Error('broken on purpose')|broken on purpose",
                "console.log('a word'); process.exit(3)|a word",
                "process.exit(0)|process.exit",
                "console.error('syntax follows'); module.exports = {|ecosystem.config.js",
                "module.exports = 42|42"
            })
    void programThatFails_showsWhatItWroteAndStartsNothing(String text, String shown) {
        bunctl.write("ecosystem.config.js", text);
        Bunctl.Result refused = bunctl.run("start").failedWith(3);
        assertTrue(refused.err().contains(shown), refused.err());
        assertEquals("", refused.out());
        assertEquals(List.of(), bunctl.status());
    }

    @Test
    void programThatNeverEnds_isEndedInTime() {
        bunctl.write("ecosystem.config.js", "console.log('before the loop'); for (;;) {}");
        Bunctl.Result refused = bunctl.run("validate").failedWith(3);
        assertTrue(refused.err().contains("did not end within"), refused.err());
        assertTrue(refused.err().contains("before the loop"), refused.err());
    }

    // ---- start

    @Test
    void standardInput_isAConfiguration() {
        server("s.ts");
        Path input = bunctl.write(
                "given",
                "{\"apps\":[{\"name\":\"in\",\"script\":\"s.ts\",\"env\":{\"PORT\":1},\"env_live\":{\"PORT\":2}}]}");
        bunctl.runWithInput(input, "start", "-", "--env", "live").succeeded();
        assertEquals("got 2 undefined", printed("in"));
        bunctl.runWithInput(bunctl.write("broken", "{\"apps\":[}"), "start", "-")
                .failedWith(3);
    }

    @Test
    void onlyTheNamedApps_areStarted() {
        server("s.ts");
        bunctl.write(
                "bunctl.json",
                "{\"apps\":[{\"name\":\"a\",\"script\":\"s.ts\"},{\"name\":\"b\",\"script\":\"s.ts\"},{\"name\":\"c\",\"script\":\"s.ts\"}]}");
        bunctl.run("start", "--only", "a,nope").failedWith(4);
        bunctl.run("start", "--only", "a,c").succeeded();
        assertEquals(
                List.of("a", "c"),
                bunctl.status().stream().map(app -> app.get("name")).toList());
    }

    @Test
    void environmentNamedOnTheCommandLine_isTaken() {
        server("s.ts");
        bunctl.write("bunctl.json", """
                {"name":"e","script":"s.ts","append_env_to_name":true,
                 "env":{"PORT":1,"NODE_ENV":"none"},"env_production":{"NODE_ENV":"production"}}
                """);
        bunctl.run("start", "--env", "staging").failedWith(3);
        bunctl.run("start", "--env", "production", "--env", "PORT=9").succeeded();
        assertEquals("got 9 production", printed("e-production"));
    }

    @Test
    void startScriptOfAPackage_isReachedBySignals() {
        bunctl.write(
                "s.js",
                "process.on('SIGINT', () => { console.log('told to end'); process.exit(0); });"
                        + " console.log('up'); setInterval(() => {}, 1000);");
        bunctl.write("package.json", "{\"name\":\"pkg\",\"scripts\":{\"start\":\"NODE_ENV=production bun s.js\"}}");
        bunctl.run("start").succeeded();
        assertEquals("up", printed("pkg"));
        bunctl.run("stop", "pkg").succeeded();
        assertTrue(bunctl.log("pkg-out.log").contains("told to end"), bunctl.log("pkg-out.log"));
    }

    @Test
    void shellMetacharacters_stayLiteral() {
        bunctl.write(
                "s.ts",
                "console.log(JSON.stringify(process.argv.slice(2)), process.env.X);" + " setInterval(() => {}, 1000);");
        bunctl.write("bunctl.json", """
                {"name":"m","script":"s.ts","args":["$(touch owned)","a;b","`id`","*","&& true","|"],
                 "env":{"X":"$(touch owned); `id` *"}}
                """);
        bunctl.run("start").succeeded();
        assertEquals(
                "[\"$(touch owned)\",\"a;b\",\"`id`\",\"*\",\"&& true\",\"|\"] $(touch owned); `id` *", printed("m"));
        assertFalse(Files.exists(bunctl.folder().resolve("owned")));
    }

    // ---- validate and config

    @Test
    void validate_tellsEveryMistakeWithItsPlace() {
        server("s.ts");
        bunctl.write("bad.json", """
                {"apps": [
                  {"name": "a", "script": "s.ts", "instancs": 2,
                   "max_memory": "lots"}
                ]}
                """);
        bunctl.write("good.yaml", "apps:\n- name: a\n  script: s.ts\n");
        Bunctl.Result result = bunctl.run("validate", "bad.json", "good.yaml").failedWith(3);
        assertEquals("bad.json: not valid, 2 problems\ngood.yaml: valid, 1 app\n", result.out());
        assertTrue(
                result.err().contains("bad.json:2:35: unknown field 'instancs'; did you mean 'instances'?"),
                result.err());
        assertTrue(result.err().contains("bad.json:3:18: 'max_memory'"), result.err());
        Map<String, Object> json =
                bunctl.run("validate", "bad.json", "--json").failedWith(3).json();
        assertEquals(false, json.get("valid"));
        assertTrue(json.toString().contains("value='lots'"), json.toString());
        assertTrue(bunctl.processes().isEmpty(), "validate starts no daemon");
    }

    @Test
    void whatIsOnlyMissing_isNotCalledInvalid() {
        bunctl.write("bunctl.json", "{\"name\":\"a\",\"script\":\"gone.ts\"}");
        bunctl.run("validate").failedWith(5);
        bunctl.run("validate", "nowhere.json").failedWith(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "config --explain", "config --json", "config --explain --json"})
    void config_neverShowsASecret(String line) {
        server("s.ts");
        bunctl.write("bunctl.json", """
                {"name":"a","script":"s.ts","env":{"API_TOKEN":"hunter2","DB":"postgres://u:hunter2@h/d","PORT":1}}
                """);
        Bunctl.Result shown = bunctl.run(line.split(" ")).succeeded();
        assertTrue(shown.out().contains("API_TOKEN"), shown.out());
        assertFalse((shown.out() + shown.err()).contains("hunter2"), shown.out());
    }

    @Test
    void explain_namesTheFileAndTheLine() {
        server("s.ts");
        bunctl.write("bunctl.json", "{\"name\":\"a\",\n \"exec\":\"s.ts\",\n \"env\":{\"PORT\":1}}");
        bunctl.write("ecosystem.config.js", "module.exports = {}");
        String shown = bunctl.run("config", "--explain").succeeded().out();
        assertTrue(shown.startsWith("read: bunctl.json\nnot read: ecosystem.config.js\n"), shown);
        assertTrue(
                shown.lines().anyMatch(line -> line.matches(" +script +s\\.ts +bunctl\\.json:2:9 \\(as exec\\)")),
                shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches(" +env\\.PORT +1 +bunctl\\.json:3:16")), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches(" +kill_timeout +5s +default")), shown);
    }

    @Test
    void describe_saysWhereEachValueComesFrom_alsoAfterACommandChangedIt() {
        server("s.ts");
        bunctl.write("bunctl.json", "{\"name\":\"a\",\n \"script\":\"s.ts\",\n \"env\":{\"PORT\":1}}");
        bunctl.run("start", "--instances", "2").succeeded();

        Map<String, String> sources = sources("a");
        assertEquals("bunctl.json:2:11", sources.get("script"));
        assertEquals("bunctl.json:3:16", sources.get("env.PORT"));
        assertEquals("--instances", sources.get("instances"));
        assertEquals("default", sources.get("kill_timeout"));
        String shown = bunctl.run("describe", "a").succeeded().out();
        assertTrue(shown.contains("instances = 2  (--instances)"), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches(" +from +/.*/bunctl\\.json")), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches(".* PORT=.*  \\(bunctl\\.json:3:16\\)")), shown);

        bunctl.run("scale", "a", "3").succeeded();
        assertEquals("bunctl scale", sources("a").get("instances"));
        assertEquals("bunctl.json:2:11", sources("a").get("script"));
    }

    private Map<String, String> sources(String app) {
        Map<String, String> sources = new HashMap<>();
        Map<String, Object> described =
                bunctl.run("describe", app, "--json").succeeded().apps().getFirst();
        for (Object value : (List<?>) described.get("configuration")) {
            Map<?, ?> row = (Map<?, ?>) value;
            sources.put(String.valueOf(row.get("field")), String.valueOf(row.get("source")));
        }
        return sources;
    }

    @Test
    void tenThousandApps_areReadAndCheckedAndOneMoreIsRefused() {
        server("s.ts");
        bunctl.write("many.json", many(10_000));
        assertEquals(
                "many.json: valid, 10000 apps\n",
                bunctl.run("validate", "many.json").succeeded().out());
        assertEquals(
                10_001,
                bunctl.run("plan", "many.json").succeeded().out().lines().count());
        bunctl.run("start", "many.json").failedWith(7);
        assertEquals(List.of(), bunctl.status());
        bunctl.write("many.json", many(10_001));
        Bunctl.Result refused = bunctl.run("validate", "many.json").failedWith(3);
        assertTrue(refused.err().contains("at most 10000 apps"), refused.err());
    }

    private static String many(int apps) {
        StringBuilder text = new StringBuilder("{\"apps\":[");
        for (int n = 0; n < apps; n++) {
            text.append(n == 0 ? "" : ",").append("{\"name\":\"app-").append(n).append("\",\"script\":\"s.ts\"}");
        }
        return text.append("]}").toString();
    }

    @Test
    void schema_isPrintedAndLiesInTheDistribution() {
        String schema = bunctl.run("config", "--schema").succeeded().out();
        assertEquals(Bunctl.read(Bunctl.DISTRIBUTION.resolve("share/bunctl.schema.json")), schema);
        assertTrue(schema.contains("\"$schema\""), schema);
    }
}
