package dev.bunctl.conf.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.Runtimes;
import dev.bunctl.conf.evaluate.ProcessEvaluator;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.resolve.SpecResolver;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.source.ConfigLoader;
import dev.bunctl.conf.source.Discovery;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InitializerTest {
    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root).program("bun", "node", "python3");
    }

    private Initializer.Draft draft(StartOptions options, InitFormat format) throws ConfigException {
        return Initializer.draft(new InitRequest(project.folder(), options.fields(), format));
    }

    /** What {@code bunctl start} would start in the project's folder. */
    private AppSpec discovered() throws ConfigException {
        Path file = Discovery.find(project.folder()).orElseThrow();
        Starter starter = project.starter();
        Path runtime = Runtimes.forFile(file.toString());
        var evaluator =
                new ProcessEvaluator(runtime, starter.directory(), starter.environment(), Duration.ofSeconds(60));
        Loaded loaded = new ConfigLoader(evaluator).load(file, "found");
        assertEquals(List.of(), loaded.warnings());
        return new SpecResolver(starter, StartOptions.NONE, new Problems())
                .resolve(loaded.apps(), loaded.base())
                .getFirst();
    }

    @ParameterizedTest
    @EnumSource(InitFormat.class)
    void everyOptionInEveryFormat_startsAsIs(InitFormat format) throws ConfigException {
        project.file("backend/main.ts", "").file("backend/secrets.env", "A=${X:-1}\n");
        StartOptions options = new StartOptions.Builder()
                .set("--name", Field.NAME, "my api")
                .set("--entry", Field.SCRIPT, "main.ts")
                .set("--port", Field.PORT, "8080")
                .set("--memory", Field.MAX_MEMORY, "512M")
                .set("--cpu", Field.MAX_CPU_PERCENT, "50%")
                .set("--runtime", Field.INTERPRETER, "bun")
                .set("--autostart", Field.AUTO_START, "false")
                .set("--instances", Field.INSTANCES, "max")
                .set("--cwd", Field.CWD, "backend")
                .set("--env-file", Field.ENV_FILE, "backend/secrets.env")
                .build();
        Initializer.write(draft(options, format), false);
        AppSpec spec = discovered();
        assertEquals("my api", spec.name().value());
        assertEquals(
                List.of("bun", project.folder().resolve("backend/main.ts").toString()),
                spec.program().arguments());
        assertEquals(Map.of("NODE_ENV", "production", "PORT", "8080", "A", "1"), spec.environment());
        assertEquals(Optional.of(512L << 20), spec.limits().maxMemory());
        assertEquals(Optional.of(50.0), spec.limits().maxCpuPercent());
        assertEquals(Project.PROCESSORS, spec.instances().count());
        assertEquals(project.folder().resolve("backend"), spec.directory());
        assertEquals(false, spec.autoStart());
    }

    /** An option of init: what it sets, to what, and how that is seen in the specification. */
    private record Option(Field field, String value, Predicate<AppSpec> seen) {}

    private static final List<Option> OPTIONS = List.of(
            new Option(Field.NAME, "my api", spec -> spec.name().value().equals("my api")),
            new Option(Field.SCRIPT, "main.ts", spec -> spec.program().script().equals("main.ts")),
            new Option(
                    Field.PORT, "8080", spec -> "8080".equals(spec.environment().get("PORT"))),
            new Option(
                    Field.MAX_MEMORY, "1.5G", spec -> spec.limits().maxMemory().equals(Optional.of(3L << 29))),
            new Option(
                    Field.MAX_CPU_PERCENT,
                    "50%",
                    spec -> spec.limits().maxCpuPercent().equals(Optional.of(50.0))),
            new Option(
                    Field.INTERPRETER,
                    "node",
                    spec -> spec.program().arguments().getFirst().equals("node")),
            new Option(Field.AUTO_START, "false", spec -> !spec.autoStart()),
            new Option(Field.INSTANCES, "max", spec -> spec.instances().count() == Project.PROCESSORS),
            new Option(Field.CWD, "backend", spec -> spec.directory().endsWith("backend")),
            new Option(
                    Field.ENV_FILE,
                    "some.env",
                    spec -> "1".equals(spec.environment().get("A"))));

    @ParameterizedTest
    @EnumSource(
            value = InitFormat.class,
            names = {"JSON", "YAML", "ECOSYSTEM_JS"})
    void everyCombinationOfOptions_startsAsIs(InitFormat format) throws ConfigException {
        project.file("main.ts", "").file("backend/main.ts", "").file("some.env", "A=1\n");
        int all = 1 << OPTIONS.size();
        for (int given = 0; given < all; given++) {
            StartOptions.Builder options = new StartOptions.Builder();
            for (int n = 0; n < OPTIONS.size(); n++) {
                if ((given >> n & 1) == 1) {
                    options.set(
                            "--option", OPTIONS.get(n).field(), OPTIONS.get(n).value());
                }
            }
            Initializer.write(draft(options.build(), format), true);
            AppSpec spec = discoveredWithoutARuntime();
            for (int n = 0; n < OPTIONS.size(); n++) {
                Option option = OPTIONS.get(n);
                boolean expected = option.field() == Field.SCRIPT || (given >> n & 1) == 1;
                assertEquals(expected, option.seen().test(spec), option.field() + " of combination " + given);
            }
        }
    }

    /** As {@link #discovered}; what init writes as a program is JSON between two words that are cut away. */
    private AppSpec discoveredWithoutARuntime() throws ConfigException {
        Path file = Discovery.find(project.folder()).orElseThrow();
        ConfigLoader loader = new ConfigLoader((program, source) -> {
            try {
                String text = Files.readString(program);
                return text.substring(text.indexOf('{'), text.lastIndexOf(';'));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        Loaded loaded = loader.load(file, "found");
        return new SpecResolver(project.starter(), StartOptions.NONE, new Problems())
                .resolve(loaded.apps(), loaded.base())
                .getFirst();
    }

    @ParameterizedTest
    @EnumSource(InitFormat.class)
    void bareProject_startsAsIs(InitFormat format) throws ConfigException {
        project.file("src/index.ts", "");
        Initializer.write(draft(StartOptions.NONE, format), false);
        AppSpec spec = discovered();
        assertEquals("app", spec.name().value());
        assertEquals(Map.of("NODE_ENV", "production"), spec.environment());
        assertEquals("src/index.ts", spec.program().script());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"scripts\":{\"start\":\"bun run lib/x.ts\"}}|lib/x.ts,src/server.ts|lib/x.ts",
                "{\"module\":\"lib/m.ts\",\"main\":\"lib/n.js\"}|lib/m.ts,lib/n.js|lib/m.ts",
                "{\"main\":\"lib/n.js\"}|lib/n.js,index.js|lib/n.js",
                "{\"main\":\"gone.js\"}|index.js|index.js",
                "broken|server.js|server.js",
                "{}|src/app.js,index.js|src/app.js",
                "{}|src/index.ts,src/server.ts|src/server.ts",
                "{}|src/server.js,src/server.ts|src/server.ts",
                "{}|dist/main.js|dist/main.js"
            })
    void entryPoint_isFound(String manifest, String files, String entry) throws ConfigException {
        project.file("package.json", manifest);
        for (String file : files.split(",")) {
            project.file(file, "");
        }
        Initializer.write(draft(StartOptions.NONE, InitFormat.JSON), false);
        assertEquals(entry, discovered().program().script());
    }

    @Test
    void projectWithoutEntryPoint_isToldSo() {
        var refused = assertThrows(ConfigException.class, () -> draft(StartOptions.NONE, InitFormat.JSON));
        assertTrue(String.valueOf(refused.getMessage()).contains("no entry point found in"), refused.getMessage());
    }

    @Test
    void packageName_becomesTheApps() throws ConfigException {
        project.file("package.json", "{\"name\":\"@x/api\",\"type\":\"module\"}")
                .file("index.ts", "");
        Initializer.write(draft(StartOptions.NONE, InitFormat.JSON), false);
        assertEquals("api", discovered().name().value());
        assertEquals(Optional.of(InitFormat.ECOSYSTEM_CJS), InitFormat.of("", true, project.folder()));
        assertEquals(Optional.of(InitFormat.JSON), InitFormat.of("json", false, project.folder()));
        assertEquals(Optional.empty(), InitFormat.of("xml", false, project.folder()));
    }

    @Test
    void existingFile_isReplacedOnlyWithForce() throws ConfigException, IOException {
        project.file("index.ts", "").file("bunctl.json", "mine");
        Initializer.Draft draft = draft(StartOptions.NONE, InitFormat.JSON);
        var refused = assertThrows(ConfigException.class, () -> Initializer.write(draft, false));
        assertTrue(String.valueOf(refused.getMessage()).endsWith("is there already; --force replaces it"));
        assertEquals("mine", Files.readString(draft.file()));
        Initializer.write(draft, true);
        assertEquals(draft.text(), Files.readString(draft.file()));
    }

    @ParameterizedTest
    @EnumSource(InitFormat.class)
    void otherConfiguration_isTakenOverWhole(InitFormat format) throws ConfigException {
        project.file("a.js", "").file("pm2.json", """
                {"apps":[{"name":"a","exec":"a.js","args":"x 'y z' $Q","instances":"max","max_memory_restart":"300M",
                "kill_timeout":1600,"watch":true,"filter_env":true,"stop_exit_codes":[0,2],"umask":"027",
                "rlimits":{"nofile":"10:20","core":"unlimited"},"depends_on":{"b":"healthy"},"nice":-3,
                "backoff":{"initial":"1s","jitter":0.5},"health_check":{"tcp":"h:1","interval":1500},
                "env":{"A":"x: \\"y\\" # z","B":1},"env_production":{"C":"$${D}"},"log_date_format":"YYYY","time":false}]}
                """);
        StartOptions named =
                new StartOptions.Builder().environment("--env", "production").build();
        List<AppSpec> before = withoutSources(project.resolve("pm2.json", named));
        Initializer.Draft draft = Initializer.draft(project.folder(), format, project.load("pm2.json"));
        Initializer.write(draft, true);
        if (format.fileName().endsWith("json") || format.fileName().endsWith("yaml")) {
            assertEquals(before, withoutSources(project.resolve(format.fileName(), named)));
        } else {
            assertTrue(draft.text().contains("\"script\": \"a.js\""), draft.text());
        }
    }

    /** Values stand elsewhere in what was written. */
    private static List<AppSpec> withoutSources(List<AppSpec> specs) {
        return specs.stream().map(spec -> spec.withSources(Map.of())).toList();
    }
}
