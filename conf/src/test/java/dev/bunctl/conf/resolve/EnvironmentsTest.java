package dev.bunctl.conf.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentsTest {
    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root).program("bun");
    }

    /** Each row leaves out the strongest source that is left; what then holds is the last column. */
    @ParameterizedTest
    @CsvSource({
        "true,  true,  true,  true,  true,  true,  option",
        "true,  true,  true,  true,  true,  false, env_production",
        "true,  true,  true,  true,  false, false, env",
        "true,  true,  true,  false, false, false, second file",
        "true,  true,  false, false, false, false, 1234",
        "true,  false, false, false, false, false, inherited"
    })
    void laterSource_wins(
            boolean inherited, boolean port, boolean file, boolean env, boolean named, boolean option, String holds)
            throws ConfigException {
        project.file("one.env", "PORT=first file\n").file("two.env", "PORT=second file\n");
        var json = new StringBuilder("{\"name\":\"a\",\"command\":\"bun x\"");
        json.append(port ? ",\"port\":1234" : "");
        json.append(file ? ",\"env_file\":[\"one.env\",\"two.env\"]" : "");
        json.append(env ? ",\"env\":{\"PORT\":\"env\"}" : "");
        json.append(",\"env_production\":{")
                .append(named ? "\"PORT\":\"env_production\"" : "")
                .append("}}");
        if (inherited) {
            project.variable("PORT", "inherited");
        }
        var options = new StartOptions.Builder().environment("--env", "production");
        if (option) {
            options.environment("--env", "PORT=option");
        }
        AppSpec spec = project.app(json.toString(), options.build());
        Map<String, String> seen = new HashMap<>(spec.inheritedEnvironment());
        seen.putAll(spec.environment());
        assertEquals(holds, seen.get("PORT"));
    }

    @Test
    void onlyDeclaredVariables_areDeclared() throws ConfigException {
        project.variable("HOME", "/home/x");
        AppSpec spec = project.app("{\"name\":\"a\",\"command\":\"bun x\",\"env\":{\"A\":1,\"B\":true,\"C\":1.5,"
                + "\"D\":null,\"E\":{\"x\":[1,\"\\n\"]}}}");
        assertEquals(Map.of("A", "1", "B", "true", "C", "1.5", "E", "{\"x\":[1,\"\\n\"]}"), spec.environment());
        assertEquals("/home/x", spec.inheritedEnvironment().get("HOME"));
    }

    @Test
    void filterEnv_keepsVariablesFromTheApp() throws ConfigException {
        project.variable("AWS_KEY", "x").variable("LANG", "C");
        AppSpec some = project.app("{\"name\":\"a\",\"command\":\"bun x\",\"filter_env\":[\"AWS_\"]}");
        assertFalse(some.inheritedEnvironment().containsKey("AWS_KEY"));
        assertEquals("C", some.inheritedEnvironment().get("LANG"));
        String bun = project.bin().resolve("bun").toString();
        AppSpec all = project.app("{\"name\":\"a\",\"command\":\"" + bun + " x\",\"filter_env\":true}");
        assertEquals(Map.of(), all.inheritedEnvironment());
    }

    @Test
    void variables_areExpandedWithDefaults() throws ConfigException {
        project.variable("HOST", "h").variable("EMPTY", "").file("v.env", "FROM_FILE=f\n");
        AppSpec spec = project.app("""
                {"name":"a","command":"bun ${SCRIPT:-x.ts} $HOST $${HOST}","env_file":"v.env","cwd":"${DIR:-.}",
                 "env":{"A":"${HOST}:${PORT:-80}","B":"${EMPTY:-e}","C":"${EMPTY-e}","D":"${FROM_FILE}",
                        "E":"${X:-${HOST}}","F":"$${A}"}}
                """);
        assertEquals(
                java.util.List.of("bun", "x.ts", "$HOST", "${HOST}"),
                spec.program().arguments());
        assertEquals(
                Map.of("A", "h:80", "B", "e", "C", "", "D", "f", "E", "h", "F", "${A}", "FROM_FILE", "f"),
                spec.environment());
    }

    @Test
    void unsetVariable_isRefusedWithPlaceAndAdvice() {
        assertRefused(
                "{\"name\":\"a\",\"command\":\"bun\",\n\"env\":{\"A\":\"${NONE}\"}}",
                "bunctl.json:2:12: 'env.A': 'NONE' is not set; write ${NONE:-default} for a default");
        assertRefused(
                "{\"name\":\"a\",\"command\":\"bun ${NONE:?give it}\"}",
                "bunctl.json:1:23: 'command': 'NONE': give it");
        assertRefused("{\"command\":\"bun\",\"env\":{\"A\":\"${B\"}}", "'${' without '}'");
        assertRefused("{\"command\":\"bun\",\"env\":{\"A\":\"${}\"}}", "the name of a variable expected in '${}'");
        assertRefused("{\"command\":\"bun\",\"env\":{\"A\":\"${B!}\"}}", "'}', ':-', '-' or ':?' expected after '${B'");
    }

    @Test
    void unknownEnvironmentName_isRefusedWithThoseKnown() throws ConfigException {
        StartOptions options =
                new StartOptions.Builder().environment("--env", "prod").build();
        var refused = assertThrows(
                ConfigException.class,
                () -> project.app(
                        "{\"name\":\"a\",\"command\":\"bun\",\"env_staging\":{},\"env_production\":{}}", options));
        assertEquals("--env: no app has 'env_prod'; there are: production, staging", refused.getMessage());
    }

    @Test
    void environmentName_isAppendedToTheNameWhenAsked() throws ConfigException {
        StartOptions options =
                new StartOptions.Builder().environment("--env", "staging").build();
        assertEquals(
                "a-staging",
                project.app(
                                "{\"name\":\"a\",\"command\":\"bun\",\"env_staging\":{},\"append_env_to_name\":true}",
                                options)
                        .name()
                        .value());
    }

    @Test
    void missingEnvFile_isNotFound() {
        assertRefused(
                "{\"name\":\"a\",\"command\":\"bun\",\"env_file\":\".env\"}",
                "'env_file': " + project.folder().resolve(".env") + " is not there");
    }

    @Test
    void envFile_isReadAsPeopleWriteIt() {
        var problems = new Problems();
        Map<String, Variable> variables =
                EnvFile.read("""
                # comment
                A=1
                export B = two words   # comment
                C='single $X ${A}'
                D="double \\n ${A} \\"q\\" \\\\ \\x"
                E=
                F="
                two lines"
                G=a#b
                H=${A}-${OUTER}-${NONE}
                A=last
                I.j-k=x\r
                """, ".env", name -> name.equals("OUTER") ? Optional.of("o") : Optional.empty(), problems);
        assertTrue(problems.isEmpty());
        assertEquals(
                Map.of(
                        "A", "last",
                        "B", "two words",
                        "C", "single $X ${A}",
                        "D", "double \n 1 \"q\" \\ \\x",
                        "E", "",
                        "F", "\ntwo lines",
                        "G", "a#b",
                        "H", "1-o-",
                        "I.j-k", "x"),
                values(variables));
        assertEquals(
                ".env:12:1",
                Optional.ofNullable(variables.get("I.j-k")).orElseThrow().at().toString(),
                "lines after a quoted line end");
    }

    @Test
    void wrongLinesOfAnEnvFile_areToldWithoutTheirValues() {
        var problems = new Problems();
        Map<String, Variable> read = EnvFile.read("A\n1B=secret\nC='x\n", ".env", name -> Optional.empty(), problems);
        assertEquals(Map.of(), read);
        var refused = assertThrows(ConfigException.class, problems::refuse);
        assertEquals("""
                .env:1:1: NAME=value expected, not 'A'
                .env:2:1: the name of a variable expected before '=', not something else
                .env:3:1: 'C': the quote ' has no end""", refused.getMessage());
    }

    private static Map<String, String> values(Map<String, Variable> variables) {
        var values = new LinkedHashMap<String, String>();
        variables.forEach((name, variable) -> values.put(name, variable.value()));
        return values;
    }

    private void assertRefused(String json, String part) {
        var refused = assertThrows(ConfigException.class, () -> project.app(json));
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }
}
