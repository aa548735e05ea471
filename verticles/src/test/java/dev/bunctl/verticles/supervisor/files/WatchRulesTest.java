package dev.bunctl.verticles.supervisor.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.WatchPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WatchRulesTest {
    private static final Path APP = Path.of("/srv/app");

    private static WatchRules rules(List<String> paths, List<String> ignored) {
        return new WatchRules(
                new WatchPolicy(paths.stream().map(APP::resolve).toList(), ignored, Duration.ZERO),
                APP,
                List.of(Path.of("/srv/app/out.txt"), Path.of("/srv/app/.home")));
    }

    @ParameterizedTest
    @CsvSource({
        "server.ts, true",
        "src/deep/a.ts, true",
        "node_modules, false",
        "src/node_modules, false",
        ".git, false",
        "logs, false",
        "src/debug.log, false",
        "catalog, true",
        "out.txt, false",
        "out.txt.2026-01-01.gz, false",
        ".home/state, false",
        "../other/a.ts, false",
    })
    void wholeFolder_isWatched_lessWhatIsIgnoredByDefaultAndOurOwn(String path, boolean matters) {
        WatchRules rules = rules(List.of(""), WatchPolicy.IGNORED);
        Path whole = APP.resolve(path).normalize();
        assertEquals(matters, rules.matters(whole), path);
    }

    @Test
    void ignoredFolder_isNotEntered() {
        WatchRules rules = rules(List.of(""), WatchPolicy.IGNORED);
        assertFalse(rules.descends(APP.resolve("node_modules")));
        assertFalse(rules.descends(APP.resolve("a/b/.git")));
        assertTrue(rules.descends(APP.resolve("a/b")));
        assertTrue(rules.descends(Path.of("/srv")), "the way there");
        assertFalse(rules.descends(Path.of("/var")));
    }

    @ParameterizedTest
    @CsvSource({
        "tmp, src/tmp, true",
        "tmp, tmp, true",
        "tmp, src/tmp2, false",
        "*.tmp, src/a.tmp, true",
        "src/gen, src/gen, true",
        "./src/gen/, src/gen, true",
        "src/gen/**, src/gen, true",
        "src/gen, other/src/gen, false",
        "**/gen/out, a/gen/out, true",
        "/srv/app/gen, gen, true",
        "src/*.js, src/a.js, true",
        "src/*.js, src/deep/a.js, false",
        "\\.cache, .cache, true",
    })
    void ignoredName_isAnywhere_andAPathWithASlashBeginsInTheAppsFolder(String pattern, String path, boolean ignored) {
        assertEquals(!ignored, rules(List.of(""), List.of(pattern)).matters(APP.resolve(path)));
    }

    @Test
    void pattern_isWatchedFromItsFirstFixedFolder() {
        WatchRules rules = rules(List.of("src/**/*.ts", "config.json"), List.of());
        assertEquals(List.of(APP.resolve("src"), APP.resolve("config.json")), rules.bases());
        assertTrue(rules.matters(APP.resolve("src/a/b.ts")));
        assertFalse(rules.matters(APP.resolve("src/a/b.css")));
        assertTrue(rules.matters(APP.resolve("config.json")));
        assertFalse(rules.matters(APP.resolve("other.json")));
    }

    @Test
    void whatIsNamed_isWatchedThoughItsNameIsIgnored() {
        WatchRules rules = rules(List.of("node_modules/mine"), WatchPolicy.IGNORED);
        assertTrue(rules.matters(APP.resolve("node_modules/mine/index.js")));
        assertTrue(rules.descends(APP.resolve("node_modules")), "the way there");
        assertFalse(rules.descends(APP.resolve("node_modules/mine/node_modules")));
    }
}
