package dev.bunctl.conf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageJsonTest {
    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root).program("bun", "node", "npm");
    }

    private AppSpec app(String json) throws ConfigException {
        return project.file("package.json", json).resolve("package.json").getFirst();
    }

    @Test
    void ownSection_goesBeforePm2AndScripts() throws ConfigException {
        String scripts = ",\"scripts\":{\"start\":\"bun c.ts\"}";
        String pm2 = ",\"pm2\":[{\"name\":\"b\",\"command\":\"bun b.ts\"}]";
        String own = ",\"bunctl\":{\"apps\":[{\"name\":\"a\",\"command\":\"bun a.ts\"}]}";
        assertEquals(
                "a", app("{\"name\":\"p\"" + own + pm2 + scripts + "}").name().value());
        assertEquals("b", app("{\"name\":\"p\"" + pm2 + scripts + "}").name().value());
        assertEquals("p", app("{\"name\":\"@x/p\"" + scripts + "}").name().value());
    }

    @Test
    void startScript_becomesTheProgramItStarts() throws ConfigException {
        AppSpec spec = app("{\"scripts\":{\"start\":\"cross-env NODE_ENV=production X='a b' node --inspect srv.js\"}}");
        assertEquals(List.of("node", "--inspect", "srv.js"), spec.program().arguments());
        assertEquals(Map.of("NODE_ENV", "production", "X", "a b"), spec.environment());
        assertEquals("srv", spec.name().value());
    }

    @Test
    void startScriptOfADependency_isFoundInNodeModules() throws ConfigException {
        project.executable("node_modules/.bin/next", "#!/usr/bin/env node\n");
        AppSpec spec = app("{\"name\":\"web\",\"scripts\":{\"start\":\"next start -p 3000\"}}");
        assertEquals(
                project.folder().resolve("node_modules/.bin/next"),
                spec.program().executable());
        assertEquals(
                project.folder().resolve("node_modules/.bin") + ":" + project.bin(),
                spec.environment().get("PATH"));
    }

    @Test
    void startScriptThatNeedsAShell_isLeftToItsRunner() throws ConfigException {
        String json = "{\"name\":\"web\",\"scripts\":{\"start\":\"npm run build && node x.js\"}}";
        assertEquals(List.of("bun", "run", "start"), app(json).program().arguments());
        project.file("package-lock.json", "{}");
        assertEquals(List.of("npm", "run", "start"), app(json).program().arguments());
    }

    @Test
    void quotedShellCharacters_needNoShell() {
        assertEquals(false, PackageJson.needsShell("node -e 'a && b $x'"));
        assertEquals(false, PackageJson.needsShell("node \"a;b\""));
        assertEquals(true, PackageJson.needsShell("node \"$X\""));
        assertEquals(true, PackageJson.needsShell("node a > b"));
        assertEquals(true, PackageJson.needsShell("node *.js"));
    }

    @Test
    void packageThatStartsNothing_isRefused() {
        assertRefused("{\"name\":\"x\"}", "package.json:1:1: a 'bunctl' or 'pm2' section or a 'start' script expected");
        assertRefused("{\"scripts\":{\"start\":\" \"}}", "a 'start' script expected");
        assertRefused("{\"scripts\":{\"start\":\"A=1\"}}", "a program expected after the variables");
        assertRefused("{\"bunctl\":{\"nam\":1}}", "package.json:1:12: unknown field 'nam'; did you mean 'name'?");
        assertRefused("[]", "an object expected, not a list");
    }

    private void assertRefused(String json, String part) {
        var refused = assertThrows(ConfigException.class, () -> app(json));
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }
}
