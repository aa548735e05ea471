package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Start-up caches are bound to one Java and one build; others are made in the home, once, while everything runs. */
class JavaChangeIT {
    /** What Java finds its own place by; the rest may be linked. */
    private static final Set<String> PROGRAMS = Set.of("java", "libjli.so", "libjvm.so");

    /** Several Javas are run, at the lowest priority, on a host that may be busy. */
    private static final long PATIENCE_MINUTES = 8;

    @TempDir
    Path folder;

    /** The same Java at another place. */
    private Path otherJava() throws IOException {
        Path java = Path.of(System.getProperty("java.home"));
        Path other = folder.resolve("jdk");
        copy(java.resolve("bin/java"), other.resolve("bin/java"));
        copy(java.resolve("release"), other.resolve("release"));
        for (String part : List.of("lib", "conf")) {
            try (Stream<Path> all = Files.walk(java.resolve(part))) {
                for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                    copy(file, other.resolve(java.relativize(file).toString()));
                }
            }
        }
        return other;
    }

    private static void copy(Path from, Path to) throws IOException {
        var _ = Files.createDirectories(to.getParent());
        if (PROGRAMS.contains(from.getFileName().toString())) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } else {
            Files.createSymbolicLink(to, from);
        }
    }

    @Test
    void anotherJava_runsWithoutCaches_makesThemOnce_andTakesThem() throws IOException {
        Path java = otherJava();
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_JAVA_HOME", java.toString())) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            assertTrue(arguments(bunctl.daemonPid()).contains("-XX:AOTMode=off"));
            String before = caches(bunctl);
            assertTrue(before.contains("warn"), before);

            Path aot = bunctl.home().resolve("aot");
            awaitOutcome(bunctl, "made");
            assertEquals(
                    java.toString(), Files.readAllLines(aot.resolve("made-for")).get(1));
            assertFalse(Files.exists(aot.resolve("making")), "what was needed on the way is gone");
            String after = caches(bunctl);
            assertTrue(after.contains("ok") && after.contains(aot.toString()), after);

            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertTrue(arguments(bunctl.daemonPid()).contains("-XX:AOTCache=" + aot.resolve("daemon.aot")));
            assertEquals(app, bunctl.pid("a:0"));
        }
    }

    /** The folder and the version are as they were, and it is another Java all the same: only Java itself finds that out. */
    @Test
    void cachesThatJavaDoesNotTake_areNoticed_andMakingOthersEndsWithTheDaemon() throws IOException {
        Path broken = folder.resolve("bunctl");
        UpdateIT.copyTree(Bunctl.DISTRIBUTION, broken);
        for (String cache : List.of("thin", "full", "daemon")) {
            Files.writeString(broken.resolve("lib/aot/" + cache + ".aot"), "of another Java");
        }
        try (Bunctl bunctl = new Bunctl(broken)) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            assertTrue(arguments(bunctl.daemonPid()).contains("-XX:AOTCache=" + broken.resolve("lib/aot/daemon.aot")));
            assertTrue(caches(bunctl).contains("does not take"), caches(bunctl));
            Bunctl.await(
                    () -> "others are made: " + bunctl.processes(),
                    () -> bunctl.processes().stream().anyMatch(process -> process.contains("HomeCaches")));
        }
    }

    private static void awaitOutcome(Bunctl bunctl, String outcome) {
        Path file = bunctl.home().resolve("aot/attempt");
        for (int minute = 0; minute < PATIENCE_MINUTES && !Bunctl.read(file).endsWith(outcome + "\n"); minute++) {
            try {
                Bunctl.await(() -> outcome, () -> Bunctl.read(file).endsWith(outcome + "\n"));
            } catch (AssertionError notYet) {
                assertFalse(Bunctl.read(file).contains("failed"), Bunctl.read(file));
            }
        }
        assertTrue(Bunctl.read(file).endsWith(outcome + "\n"), () -> Bunctl.read(file) + bunctl.daemonLog());
    }

    private static List<String> arguments(long pid) {
        return List.of(HostProcesses.read(pid, "cmdline").split("\0", -1));
    }

    @SuppressWarnings("unchecked")
    private static String caches(Bunctl bunctl) {
        List<Map<String, Object>> checks = (List<Map<String, Object>>)
                bunctl.run("doctor", "--json").json().get("checks");
        return checks.stream()
                .filter(check -> "java.caches".equals(check.get("name")))
                .findFirst()
                .orElseThrow()
                .toString();
    }
}
