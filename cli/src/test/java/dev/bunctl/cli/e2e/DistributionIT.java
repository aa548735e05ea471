package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution works wherever it lies and whatever the caller's environment holds. */
class DistributionIT {
    @Test
    void movedAndReadOnly_works(@TempDir Path elsewhere) throws IOException {
        Path moved = elsewhere.resolve("some where/bunctl");
        copy(Bunctl.DISTRIBUTION, moved);
        setWritable(moved, false);
        Path link = Files.createSymbolicLink(elsewhere.resolve("b"), moved.resolve("bin/bunctl"));
        try (Bunctl bunctl = new Bunctl(moved)) {
            Bunctl.Result start =
                    bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            assertQuiet(start);
            assertQuiet(bunctl.run("status").succeeded());
            Process linked = start(link, bunctl, "status", "--json");
            assertEquals(0, await(linked));
        } finally {
            setWritable(moved, true);
        }
    }

    @Test
    void missingCaches_sayNothing(@TempDir Path elsewhere) throws IOException {
        Path bare = elsewhere.resolve("bunctl");
        copy(Bunctl.DISTRIBUTION, bare);
        HostProcesses.deleteTree(bare.resolve("lib/aot"));
        try (Bunctl bunctl = new Bunctl(bare)) {
            assertQuiet(bunctl.run("start", "a", "--command", "sleep 1000").succeeded());
            assertQuiet(bunctl.run("status").succeeded());
        }
    }

    @Test
    void brokenCaches_sayNothing(@TempDir Path elsewhere) throws IOException {
        Path broken = elsewhere.resolve("bunctl");
        copy(Bunctl.DISTRIBUTION, broken);
        for (String cache : new String[] {"thin", "full", "daemon"}) {
            Files.writeString(broken.resolve("lib/aot/" + cache + ".aot"), "no cache");
        }
        try (Bunctl bunctl = new Bunctl(broken)) {
            assertQuiet(bunctl.run("start", "a", "--command", "sleep 1000").succeeded());
            assertQuiet(bunctl.run("status").succeeded());
            assertFalse(bunctl.daemonLog().contains("[aot"), bunctl.daemonLog());
        }
    }

    /** Java would run the classes in the cache, which are those of the former version. */
    @Test
    void cachesOfAFormerBuild_areNotTaken(@TempDir Path elsewhere) throws IOException {
        Path updated = elsewhere.resolve("bunctl");
        copy(Bunctl.DISTRIBUTION, updated);
        Files.writeString(updated.resolve("lib/build"), "another\n");
        Files.delete(updated.resolve("lib/bunctl-bridge.jar"));
        try (Bunctl bunctl = new Bunctl(updated)) {
            Bunctl.Result result = bunctl.run("help");
            assertTrue(result.exit() != 0 && result.err().contains("NoClassDefFoundError"), result.toString());
        }
    }

    @Test
    void javaVariablesOfTheCaller_changeNothing() {
        try (Bunctl bunctl = new Bunctl()
                .with("JAVA_TOOL_OPTIONS", "-Xmx1m -XX:+NoSuchFlag")
                .with("_JAVA_OPTIONS", "-XX:+NoSuchFlag")
                .with("JDK_JAVA_OPTIONS", "-XX:+NoSuchFlag")) {
            assertQuiet(bunctl.run("start", "a", "--command", "sleep 1000").succeeded());
            assertQuiet(bunctl.run("status").succeeded());
        }
    }

    @Test
    void missingJava_saysWhatToInstall() {
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_JAVA_HOME", "/nonexistent")) {
            Bunctl.Result result = bunctl.run("status").failedWith(5);
            assertTrue(result.err().contains("BUNCTL_JAVA_HOME") && result.err().contains("JDK 25"), result.err());
            bunctl.with("BUNCTL_JAVA_HOME", System.getProperty("java.home"));
        }
    }

    @Test
    void launcher_sendsTheSameWordsToTheThinClientAsTheRoutes() throws IOException {
        Matcher thin = Pattern.compile("^([a-zA-Z |-]+)\\) client=thin", Pattern.MULTILINE)
                .matcher(Files.readString(Bunctl.DISTRIBUTION.resolve("bin/bunctl")));
        assertTrue(thin.find());
        Set<String> words = new TreeSet<>(Set.of(thin.group(1).split(" \\| ")));
        Set<String> routed = new TreeSet<>();
        dev.bunctl.bridge.command.CommandTable.all().forEach(command -> {
            Stream.concat(Stream.of(command.name()), command.aliases().stream())
                    .filter(dev.bunctl.bridge.wire.Routes::isForDaemon)
                    .forEach(routed::add);
        });
        assertEquals(routed, words);
    }

    private static void assertQuiet(Bunctl.Result result) {
        assertTrue(!result.err().contains("warning") && !result.err().contains("JAVA"), result.err());
        assertTrue(!result.out().contains("[aot") && !result.out().contains("OpenJDK"), result.out());
    }

    private static Process start(Path program, Bunctl bunctl, String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(program.toString()), Stream.of(words)).toList());
        builder.environment().put("BUNCTL_HOME", bunctl.home().toString());
        builder.environment().put("BUNCTL_JAVA_HOME", System.getProperty("java.home"));
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path source : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void setWritable(Path tree, boolean writable) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path folder : (Iterable<Path>) all.filter(Files::isDirectory)::iterator) {
                Files.setPosixFilePermissions(
                        folder, PosixFilePermissions.fromString(writable ? "rwxr-xr-x" : "r-xr-xr-x"));
            }
        }
    }
}
