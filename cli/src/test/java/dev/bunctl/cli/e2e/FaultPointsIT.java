package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real daemon is killed between every two steps of a spawn and of an exit, by a guard with fault points. No app is ever
 * doubled, no exit code lost.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultPointsIT {
    private static final Path GUARD =
            Path.of("../native-bindings/target/native/bunctl-guard-faults").toAbsolutePath();

    /** Notes each of its lives, and ends with 7 and a last word when asked. */
    private static final String APP = """
            #!/bin/sh
            echo $$ >>starts
            trap 'echo last words; exit 7' USR1
            while :; do sleep 0.05; done
            """;

    private Path distribution;

    /** The packaged distribution, all but the guard by links. */
    @BeforeAll
    void distributionWithFaultPoints(@TempDir Path folder) throws IOException {
        distribution = folder;
        Files.createDirectories(folder.resolve("bin"));
        Files.copy(
                Bunctl.DISTRIBUTION.resolve("bin/bunctl"),
                folder.resolve("bin/bunctl"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Path lib = Files.createDirectories(folder.resolve("lib"));
        try (Stream<Path> files = Files.list(Bunctl.DISTRIBUTION.resolve("lib"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!file.endsWith("bunctl-guard")) {
                    Files.createSymbolicLink(lib.resolve(file.getFileName()), file);
                }
            }
        }
        Files.createSymbolicLink(lib.resolve("bunctl-guard"), GUARD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spawn:received",
                "spawn:forked",
                "spawn:executed",
                "spawn:answered",
            })
    void daemonKilledDuringASpawn_theAppRunsOnce(String point) {
        try (Bunctl bunctl = bunctl(point, "always")) {
            Bunctl.Result start = bunctl.run("start");
            assertTrue(start.exit() == 0 || start.exit() == 9, start.toString());
            bunctl.awaitStatus("app:0", seen -> "online".equals(seen.get("state")));
            assertFaultHappened(bunctl, point);
            assertEquals(List.of(bunctl.pid("app:0")), lives(bunctl));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit:seen", "exit:recorded", "exit:reaped", "exit:told", "forget:received"})
    void daemonKilledDuringAnExit_theCodeAndTheLastWordsAreKept(String point) {
        try (Bunctl bunctl = bunctl(point, "no")) {
            bunctl.run("start").succeeded();
            HostProcesses.signal("USR1", bunctl.pid("app:0"));
            bunctl.awaitStatus("app:0", seen -> Long.valueOf(7).equals(seen.get("exit_code")));
            Bunctl.await(() -> "the fault " + point, () -> bunctl.daemonLog().contains("fault " + point));
            assertEquals(7L, bunctl.status("app:0").get("exit_code"));
            Bunctl.await(
                    () -> "the last words, not " + bunctl.log("app-out.log"),
                    () -> bunctl.log("app-out.log").equals("last words\n"));
            assertEquals(1, lives(bunctl).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit:seen", "exit:recorded", "exit:reaped", "exit:told", "forget:received"})
    void daemonKilledDuringAnExit_theAppIsRestartedOnce(String point) {
        try (Bunctl bunctl = bunctl(point, "always")) {
            bunctl.run("start").succeeded();
            long first = bunctl.pid("app:0");
            HostProcesses.signal("USR1", first);
            Bunctl.await(() -> "the fault " + point, () -> bunctl.daemonLog().contains("fault " + point));
            bunctl.awaitStatus(
                    "app:0",
                    seen -> "online".equals(seen.get("state"))
                            && !seen.get("pid").equals(first));
            assertEquals(List.of(first, bunctl.pid("app:0")), lives(bunctl));
            assertEquals(1L, bunctl.status("app:0").get("restarts"));
        }
    }

    private Bunctl bunctl(String point, String policy) {
        Bunctl bunctl = new Bunctl(distribution).with("BUNCTL_GUARD_FAULT", point);
        assertTrue(bunctl.write("app.sh", APP).toFile().setExecutable(true));
        bunctl.write("bunctl.json", """
                {"apps":[{"name":"app","command":"./app.sh","restart_policy":"%s","kill_timeout":100}]}""".formatted(policy));
        return bunctl;
    }

    private static void assertFaultHappened(Bunctl bunctl, String point) {
        assertTrue(bunctl.daemonLog().contains("fault " + point), bunctl.daemonLog());
    }

    /** The pid of each life of the app, in order. */
    private static List<Long> lives(Bunctl bunctl) {
        return Bunctl.read(bunctl.folder().resolve("starts"))
                .lines()
                .map(Long::valueOf)
                .toList();
    }
}
