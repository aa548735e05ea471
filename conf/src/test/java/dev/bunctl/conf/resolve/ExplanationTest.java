package dev.bunctl.conf.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.Project;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationTest {
    @TempDir
    Path root;

    @Test
    void everyValue_hasItsOrigin() throws ConfigException {
        Project project = new Project(root)
                .file(".env", "# c\nA=file\nDB=postgres://u:p@h/\n")
                .file("bunctl.json", """
                {
                  "name": "api",
                  "command": "bun 'a b'",
                  "stop_timeout": 8000,
                  "max_memory_restart": 314572800,
                  "env_file": ".env",
                  "env": {"B": 1, "API_KEY": "abc"},
                  "env_prod": {"B": 2}
                }
                """);
        StartOptions options = new StartOptions.Builder()
                .set("--max-cpu", Field.MAX_CPU_PERCENT, "50%")
                .environment("--env", "prod")
                .environment("--env", "C=3")
                .build();
        Loaded loaded = project.load("bunctl.json");
        List<Explanation.Row> rows =
                Explanation.of(loaded.apps().getFirst(), options, project.starter(), loaded.base());
        String env = project.folder().resolve(".env").toString();
        assertEquals(
                List.of(
                        new Explanation.Row("name", "api", "bunctl.json:2:11"),
                        new Explanation.Row("command", "bun 'a b'", "bunctl.json:3:14"),
                        new Explanation.Row("env_file", ".env", "bunctl.json:6:15"),
                        new Explanation.Row("kill_timeout", "8s", "bunctl.json:4:19 (as stop_timeout)"),
                        new Explanation.Row("max_memory_restart", "300M", "bunctl.json:5:25"),
                        new Explanation.Row("max_cpu_percent", "50.0", "--max-cpu"),
                        new Explanation.Row("env.A", "file", env + ":2:1"),
                        new Explanation.Row("env.DB", "postgres://u:********@h/", env + ":3:1"),
                        new Explanation.Row("env.B", "2", "bunctl.json:8:21"),
                        new Explanation.Row("env.API_KEY", "********", "bunctl.json:7:30"),
                        new Explanation.Row("env.C", "3", "--env"),
                        new Explanation.Row("namespace", "default", "default")),
                rows.subList(0, 12));
        assertTrue(rows.contains(new Explanation.Row("stop_signal", "SIGINT", "default")));
    }
}
