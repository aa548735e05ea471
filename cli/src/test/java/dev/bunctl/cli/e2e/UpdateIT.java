package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the version in one folder to the version in another, under load. */
class UpdateIT {
    private static final String COUNTING = "let n = 0; setInterval(() => console.log(`line ${n++}`), 2);";

    @TempDir
    Path folder;

    /** Another installation. */
    private Path other() throws IOException {
        Path next = folder.resolve("bunctl");
        copyTree(Bunctl.DISTRIBUTION, next);
        return next;
    }

    static void copyTree(Path from, Path to) throws IOException {
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

    private static List<Long> started(Bunctl bunctl) {
        bunctl.write("count.ts", COUNTING);
        bunctl.run("start", "count.ts", "--name", "count", "-i", "4").succeeded();
        return pids(bunctl);
    }

    private static List<Long> pids(Bunctl bunctl) {
        List<Long> pids = new ArrayList<>();
        for (Map<String, Object> app : bunctl.status()) {
            pids.add((Long) app.get("pid"));
            assertEquals(0L, app.get("restarts"), app.toString());
        }
        return pids;
    }

    private static Path programOf(long pid) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe"));
    }

    @Test
    void update_underLoad_swapsGuardAndDaemonAndNoApp() throws IOException {
        Path next = other();
        try (Bunctl bunctl = new Bunctl()) {
            List<Long> before = started(bunctl);
            long guard = bunctl.guardPid();
            long daemon = bunctl.daemonPid();
            bunctl.program(next.resolve("bin/bunctl"), "update").succeeded();
            assertEquals(before, pids(bunctl));
            assertEquals(guard, bunctl.guardPid());
            assertNotEquals(daemon, bunctl.daemonPid());
            assertEquals(next.resolve("lib/bunctl-guard").toRealPath(), programOf(guard));
            assertTrue(HostProcesses.read(bunctl.daemonPid(), "cmdline").contains(next.toString()));
            assertNoLineLost(bunctl);
            // And back again, as after a mistake.
            bunctl.run("update").succeeded();
            assertEquals(before, pids(bunctl));
            assertEquals(Bunctl.DISTRIBUTION.resolve("lib/bunctl-guard").toRealPath(), programOf(guard));
            assertNoLineLost(bunctl);
        }
    }

    /** {@code -Dbunctl.former} is a distribution of an earlier version; {@code .ci/former} builds that of the commit before. */
    @Test
    void formerVersion_underLoad_handsOverToThisOne() throws IOException {
        String former = System.getProperty("bunctl.former", "");
        assumeTrue(!former.isEmpty(), "no former version was given by -Dbunctl.former");
        try (Bunctl bunctl = new Bunctl(Path.of(former))) {
            List<Long> before = started(bunctl);
            long guard = bunctl.guardPid();
            Path command = Bunctl.DISTRIBUTION.resolve("bin/bunctl");
            bunctl.program(command, "update").succeeded();
            assertEquals(before, pids(bunctl));
            assertEquals(guard, bunctl.guardPid());
            assertEquals(Bunctl.DISTRIBUTION.resolve("lib/bunctl-guard").toRealPath(), programOf(guard));
            assertNoLineLost(bunctl);
            // What the version before wrote is read by every later daemon of this one.
            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertEquals(before, pids(bunctl));
            bunctl.program(command, "restart", "count").succeeded();
            bunctl.program(command, "doctor").succeeded();
        }
    }

    @Test
    void guardThatCannotTakeOver_isRefusedAndTheOldOneRunsOn() throws IOException {
        Path next = other();
        Files.delete(next.resolve("lib/bunctl-guard"));
        Files.copy(Path.of("/bin/true").toRealPath(), next.resolve("lib/bunctl-guard"));
        try (Bunctl bunctl = new Bunctl()) {
            List<Long> before = started(bunctl);
            long daemon = bunctl.daemonPid();
            Bunctl.Result result =
                    bunctl.program(next.resolve("bin/bunctl"), "update").failedWith(12);
            assertTrue(result.err().contains("no guard that can take over"), result.err());
            assertEquals(before, pids(bunctl));
            assertEquals(daemon, bunctl.daemonPid());
        }
    }

    @Test
    void daemonThatCannotStart_isNotEvenTried() throws IOException {
        Path next = other();
        Files.delete(next.resolve("lib/bunctl-verticles.jar"));
        Files.writeString(next.resolve("lib/build"), "without a cache\n");
        try (Bunctl bunctl = new Bunctl()) {
            List<Long> before = started(bunctl);
            long daemon = bunctl.daemonPid();
            Bunctl.Result result =
                    bunctl.program(next.resolve("bin/bunctl"), "update").failedWith(12);
            assertTrue(result.err().contains("nothing was changed"), result.err());
            assertEquals(before, pids(bunctl));
            assertEquals(daemon, bunctl.daemonPid());
        }
    }

    @Test
    void daemonThatFailsOnceItIsInPlace_theGuardGoesBackAndSaysSo() throws IOException {
        Path next = other();
        Files.writeString(next.resolve("lib/bunctld"), "#!/bin/sh\n[ \"${1:-}\" = --check ] && exit 0\nexit 70\n");
        try (Bunctl bunctl = new Bunctl()) {
            List<Long> before = started(bunctl);
            long guard = bunctl.guardPid();
            Bunctl.Result result =
                    bunctl.program(next.resolve("bin/bunctl"), "update").failedWith(12);
            assertTrue(result.err().contains("went back"), result.err());
            assertEquals(before, pids(bunctl));
            assertEquals(guard, bunctl.guardPid());
            assertEquals(Bunctl.DISTRIBUTION.resolve("lib/bunctl-guard").toRealPath(), programOf(guard));
            assertNoLineLost(bunctl);
        }
    }

    @Test
    void update_ofAColdHome_saysThatNothingRuns() {
        try (Bunctl bunctl = new Bunctl()) {
            assertTrue(bunctl.run("update").succeeded().err().contains("no daemon runs"));
        }
    }

    /** Every line from 0 to the last, each once. */
    private static void assertNoLineLost(Bunctl bunctl) {
        for (int instance = 0; instance < 4; instance++) {
            String log = instance == 0 ? "count-out.log" : "count-out-" + instance + ".log";
            List<String> lines = bunctl.log(log).lines().toList();
            assertTrue(lines.size() > 1, "nothing in the log of instance " + instance);
            for (int n = 0; n < lines.size() - 1; n++) {
                assertEquals("line " + n, lines.get(n));
            }
        }
    }
}
