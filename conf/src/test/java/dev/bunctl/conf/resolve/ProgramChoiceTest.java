package dev.bunctl.conf.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.Program;
import dev.bunctl.conf.Program.Engine;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramChoiceTest {
    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root);
    }

    @ParameterizedTest
    @CsvSource({
        "a.ts, bun, BUN",
        "a.tsx, bun, BUN",
        "a.jsx, bun, BUN",
        "a.mts, bun, BUN",
        "a.js, bun, BUN",
        "a.mjs, bun, BUN",
        "a.cjs, bun, BUN",
        "a.py, python3, OTHER",
        "a.sh, sh, OTHER",
        "a.rb, ruby, OTHER",
        "not.a.python.ts, bun, BUN",
        "python.js, bun, BUN"
    })
    void extension_choosesTheInterpreter(String file, String interpreter, Engine engine) throws ConfigException {
        project.program("bun", "node", "python3", "sh", "ruby").file(file, "");
        Program program = project.app("{\"script\":\"" + file + "\",\"args\":\"--x 'a b'\"}")
                .program();
        assertEquals(
                new Program(
                        project.bin().resolve(interpreter),
                        List.of(interpreter, project.folder().resolve(file).toString(), "--x", "a b"),
                        file,
                        engine),
                program);
    }

    @Test
    void javaScript_runsOnNodeWhereThereIsNoBun() throws ConfigException {
        project.program("node").file("a.js", "");
        assertEquals(Engine.NODE, project.app("{\"script\":\"a.js\"}").program().engine());
    }

    @Test
    void typeScript_needsBun() {
        project.program("node").file("a.ts", "");
        assertRefused(
                "{\"script\":\"a.ts\"}",
                "'script': a.ts needs bun, which is not on the PATH (install Bun: https://bun.sh, or `npm install bun`)",
                true);
    }

    @Test
    void shebang_goesBeforeExtension() throws ConfigException {
        project.program("node", "bun").file("a.js", "#!/usr/bin/env node\n");
        assertEquals(Engine.NODE, project.app("{\"script\":\"a.js\"}").program().engine());
    }

    @Test
    void shebangOfAnExecutable_isLeftToTheKernel() throws ConfigException {
        project.program("bun").executable("serve", "#!/usr/bin/env bun\n");
        Program program =
                project.app("{\"script\":\"./serve\",\"args\":[\"-p\",1]}").program();
        String path = project.folder().resolve("serve").toString();
        assertEquals(new Program(Path.of(path), List.of(path, "-p", "1"), "./serve", Engine.BUN), program);
    }

    @Test
    void shebangOfAFileThatIsNotExecutable_isFollowed() throws ConfigException {
        project.program("python3").file("serve", "#!/usr/bin/env -S python3 -u\n");
        assertEquals(
                List.of("python3", "-u", project.folder().resolve("serve").toString()),
                project.app("{\"script\":\"serve\"}").program().arguments());
    }

    @Test
    void fileThatNothingRuns_isRefused() {
        project.file("notes", "hello");
        assertRefused(
                "{\"script\":\"notes\"}",
                "'script': " + project.folder().resolve("notes") + " has no extension or shebang that names an"
                        + " interpreter, and is not executable (give 'interpreter', or chmod +x)",
                false);
    }

    @Test
    void interpreter_isTakenAsGiven() throws ConfigException {
        project.program("node", "bun", "deno").file("a.ts", "");
        assertEquals(
                List.of("deno", "run", "-A", project.folder().resolve("a.ts").toString()),
                project.app("{\"script\":\"a.ts\",\"interpreter\":\"deno\",\"node_args\":\"run -A\"}")
                        .program()
                        .arguments());
    }

    @Test
    void interpreterNone_executesTheFile() throws ConfigException {
        project.executable("a.sh", "#!/bin/sh\n");
        assertEquals(
                project.folder().resolve("a.sh"),
                project.app("{\"script\":\"a.sh\",\"interpreter\":\"none\"}")
                        .program()
                        .executable());
    }

    @Test
    void missingInterpreter_isNotFound() {
        project.file("a.ts", "");
        assertRefused(
                "{\"script\":\"a.ts\",\n\"interpreter\":\"deno\"}",
                "2:15: 'interpreter': deno is not a program on the PATH",
                true);
    }

    @Test
    void scriptThatIsAProgram_isFoundOnThePath() throws ConfigException {
        project.program("npm");
        assertEquals(
                new Program(project.bin().resolve("npm"), List.of("npm", "start"), "npm", Engine.OTHER),
                project.app("{\"script\":\"npm\",\"args\":\"start\"}").program());
    }

    @Test
    void bun_isFoundWhereItsInstallerPutsIt() throws ConfigException, IOException {
        project.file("a.ts", "").executable("node_modules/.bin/bun", "");
        assertEquals(
                project.folder().resolve("node_modules/.bin/bun"),
                project.app("{\"script\":\"a.ts\"}").program().executable());
        Path installed = Files.createDirectories(project.starter().home().resolve(".bun/bin"));
        var _ = Files.createSymbolicLink(
                installed.resolve("bun"), project.folder().resolve("node_modules/.bin/bun"));
        assertEquals(
                installed.resolve("bun"),
                project.app("{\"script\":\"a.ts\"}").program().executable(),
                "links are kept");
    }

    @Test
    void command_isSplitWithoutAShell() throws ConfigException {
        project.program("bun");
        assertEquals(
                List.of("bun", "run", "x.ts", "--a=$HOME", "*", "a b", "&&", "rm"),
                project.app("{\"command\":\"bun run x.ts --a=$HOME * 'a b' && rm\"}")
                        .program()
                        .arguments());
    }

    @Test
    void commandOfAScript_getsItsInterpreter() throws ConfigException {
        project.program("bun").file("src/x.ts", "");
        assertEquals(
                List.of("bun", project.folder().resolve("src/x.ts").toString(), "--port", "1"),
                project.app("{\"command\":\"src/x.ts --port 1\"}").program().arguments());
    }

    @Test
    void commandOnThePathOfTheApp_isFound() throws ConfigException {
        project.executable("tools/serve", "");
        assertEquals(
                project.folder().resolve("tools/serve"),
                project.app("{\"command\":\"serve\",\"env\":{\"PATH\":\"tools:/nowhere\"}}")
                        .program()
                        .executable());
    }

    @Test
    void senselessCommands_areRefused() {
        project.file("a.js", "").file("b", "").program("bun");
        assertRefused(
                "{\"command\":\"PORT=1 bun x\"}",
                "a program expected, not 'PORT=1' (variables belong in 'env')",
                false);
        assertRefused("{\"command\":\"\"}", "a program and its arguments expected, not nothing", false);
        assertRefused(
                "{\"command\":\"'bun\"}", "'command': words (the quote ' at character 1 has no end) expected", false);
        assertRefused("{\"command\":\"none\"}", "none is neither a file in the app's folder nor a program", true);
        assertRefused(
                "{\"command\":\"./none\"}",
                "there is no file " + project.folder().resolve("none"),
                true);
        assertRefused("{\"command\":\"./b\"}", project.folder().resolve("b") + " is not executable (chmod +x)", false);
        assertRefused("{\"command\":\"bun\",\"script\":\"a.js\"}", "are both given", false);
        assertRefused("{\"command\":\"bun\",\"interpreter\":\"x\"}", "'interpreter' goes with 'script'", false);
        assertRefused("{\"name\":\"x\"}", "1:1: an app needs a 'script' or a 'command'", false);
        assertRefused(
                "{\"script\":\"none.ts\"}",
                "'script': there is no file " + project.folder().resolve("none.ts"),
                true);
        assertRefused("{\"script\":\".\"}", "a file expected, not the folder", false);
        assertRefused(
                "{\"script\":\"a\\u0000b\"}", "a string without a NUL character expected, not 'a\\u0000b'", false);
    }

    @Test
    void scriptOnTheCommandLine_isEnough() throws ConfigException {
        project.program("bun").file("api.ts", "");
        StartOptions options = new StartOptions.Builder()
                .set("FILE", Field.SCRIPT, "api.ts")
                .set("--", Field.ARGS, List.of("--a b", "${HOME}"))
                .set("--max-memory", Field.MAX_MEMORY, "1.5G")
                .set("-i", Field.INSTANCES, "2")
                .build();
        var spec = project.script(options);
        assertEquals("api", spec.name().value());
        assertEquals(
                List.of("bun", project.folder().resolve("api.ts").toString(), "--a b", "${HOME}"),
                spec.program().arguments());
        assertEquals(3L << 29, spec.limits().maxMemory().orElseThrow());
        assertEquals(2, spec.instances().count());
    }

    @Test
    void optionOverACommand_replacesIt() throws ConfigException {
        project.program("bun").file("app.ts", "");
        String json = "{\"name\":\"x\",\"command\":\"bun run old.ts\"}";
        assertEquals(
                "app.ts",
                project.app(
                                json,
                                new StartOptions.Builder()
                                        .set("--script", Field.SCRIPT, "app.ts")
                                        .build())
                        .program()
                        .script());
        assertEquals(
                List.of("bun", "new.ts"),
                project.app(
                                "{\"name\":\"x\",\"script\":\"app.ts\",\"args\":\"1\"}",
                                new StartOptions.Builder()
                                        .set("--command", Field.COMMAND, "bun new.ts")
                                        .build())
                        .program()
                        .arguments());
    }

    @Test
    void wrongOption_isNamed() {
        var refused = assertThrows(
                ConfigException.class,
                () -> new StartOptions.Builder()
                        .set("--max-memory", Field.MAX_MEMORY, "big")
                        .build());
        assertEquals(
                "--max-memory: 'max_memory': a size in bytes or such as \"512M\" or \"1.5G\" expected, not 'big'",
                refused.getMessage());
    }

    private void assertRefused(String json, String part, boolean notFound) {
        var refused = assertThrows(ConfigException.class, () -> project.app(json));
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
        assertEquals(notFound, refused.isNotFound(), refused.getMessage());
    }
}
