package dev.bunctl.conf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.Runtimes;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.evaluate.ProcessEvaluator;
import dev.bunctl.conf.resolve.SpecResolver;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problem;
import dev.bunctl.conf.tree.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations as they are found in projects. Each folder of the corpus holds one, with {@code config.txt} (its name),
 * {@code files.txt} (files that must be there, executable ones behind a +) and {@code expected.txt}: its warnings, and
 * every part of its specifications that is not the default. With {@code -Dbunctl.render=true} that is written anew.
 */
class CorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/corpus");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path root;

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CORPUS)) {
            return folders.map(folder -> CORPUS.relativize(folder).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void corpus_holdsManyForms() throws IOException {
        assertTrue(cases().size() >= 40, cases().size() + " cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void configuration_becomesTheExpectedSpecifications(String name) throws IOException, ConfigException {
        Path source = CORPUS.resolve(name);
        Project project = project(source);
        String text =
                rendered(project, Files.readString(source.resolve("config.txt")).strip());
        Path expected = source.resolve("expected.txt");
        if (Boolean.getBoolean("bunctl.render")) {
            Files.writeString(expected, text);
        }
        assertEquals(Files.readString(expected), text);
    }

    private Project project(Path source) throws IOException {
        Project project = new Project(root)
                .program("bun", "node", "npm", "python3", "php", "ruby", "sh", "gunicorn", "next")
                .variable("HOME", "/home/user");
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                project.file(source.relativize(file).toString(), Files.readString(file));
            }
        }
        if (Files.exists(source.resolve("files.txt"))) {
            for (String file : Files.readAllLines(source.resolve("files.txt"))) {
                boolean executable = file.startsWith("+");
                if (executable) {
                    project.executable(file.substring(1), "#!/bin/sh\n");
                } else {
                    project.file(file, "");
                }
            }
        }
        return project;
    }

    private static String rendered(Project project, String file) throws ConfigException {
        Starter starter = project.starter();
        var evaluator = new ProcessEvaluator(Runtimes.forFile(file), starter.directory(), starter.environment(), LIMIT);
        Loaded loaded = new ConfigLoader(evaluator).load(project.folder().resolve(file), file);
        List<AppSpec> specs =
                new SpecResolver(starter, StartOptions.NONE, new Problems()).resolve(loaded.apps(), loaded.base());
        var lines = new ArrayList<String>();
        loaded.warnings().stream().map(Problem::toString).forEach(warning -> lines.add("warning " + warning));
        for (AppSpec spec : specs) {
            lines.add("app " + spec.name());
            lines.addAll(parts(spec));
        }
        return String.join("\n", lines)
                        .replace(project.folder().toString(), "<project>")
                        .replace(project.bin().toString(), "<bin>")
                + "\n";
    }

    private static List<String> parts(AppSpec spec) {
        Map<String, Object> defaults = new TreeMap<>();
        flatten(
                "",
                AppSpecCodec.toMap(AppSpecCodec.fromMap(Map.of(
                        "name", spec.name().value(),
                        "directory", "/",
                        "program", Map.of("executable", "/x", "arguments", List.of("x"), "script", "x")))),
                defaults);
        Map<String, Object> parts = new TreeMap<>();
        // Where values stand is not what they come to.
        flatten("", AppSpecCodec.toMap(spec.withSources(Map.of())), parts);
        var lines = new ArrayList<String>();
        parts.forEach((path, value) -> {
            if (!value.equals(defaults.get(path)) && !path.startsWith("inherited_environment.")) {
                lines.add("  " + path + " = " + value);
            }
        });
        return lines;
    }

    private static void flatten(String path, @Nullable Object value, Map<String, Object> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> flatten(path.isEmpty() ? name + "" : path + "." + name, member, into));
        } else if (value != null) {
            into.put(path, value);
        }
    }
}
