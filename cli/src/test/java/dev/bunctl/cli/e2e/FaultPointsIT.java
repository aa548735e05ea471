package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
            trap 'echo last words; exit 7' USR1
            echo $$ >>starts
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
            awaitLives(bunctl, bunctl.pid("app:0"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit:seen", "exit:recorded", "exit:reaped", "exit:told", "forget:received"})
    void daemonKilledDuringAnExit_theCodeAndTheLastWordsAreKept(String point) {
        try (Bunctl bunctl = bunctl(point, "no")) {
            bunctl.run("start").succeeded();
            long pid = bunctl.pid("app:0");
            awaitLives(bunctl, pid);
            HostProcesses.signal("USR1", pid);
            bunctl.awaitStatus("app:0", seen -> Long.valueOf(7).equals(seen.get("exit_code")));
            Bunctl.await(() -> "the fault " + point, () -> bunctl.daemonLog().contains("fault " + point));
            assertEquals(7L, bunctl.status("app:0").get("exit_code"));
            Bunctl.await(
                    () -> "the last words, not " + bunctl.log("app-out.log"),
                    () -> bunctl.log("app-out.log").equals("last words\n"));
            awaitLives(bunctl, pid);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit:seen", "exit:recorded", "exit:reaped", "exit:told", "forget:received"})
    void daemonKilledDuringAnExit_theAppIsRestartedOnce(String point) {
        try (Bunctl bunctl = bunctl(point, "always")) {
            bunctl.run("start").succeeded();
            long first = bunctl.pid("app:0");
            awaitLives(bunctl, first);
            HostProcesses.signal("USR1", first);
            Bunctl.await(() -> "the fault " + point, () -> bunctl.daemonLog().contains("fault " + point));
            bunctl.awaitStatus(
                    "app:0",
                    seen -> "online".equals(seen.get("state"))
                            && !seen.get("pid").equals(first));
            awaitLives(bunctl, first, bunctl.pid("app:0"));
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

    /** Waits until the last of these lives has noted itself: there was each of them, in this order, and no other. */
    private static void awaitLives(Bunctl bunctl, long... pids) {
        String notes = LongStream.of(pids).mapToObj(pid -> pid + "\n").collect(Collectors.joining());
        Path starts = bunctl.folder().resolve("starts");
        Bunctl.await(
                () -> notes + "was noted, not " + Bunctl.read(starts),
                () -> Bunctl.read(starts).length() >= notes.length());
        assertEquals(notes, Bunctl.read(starts));
    }
}
