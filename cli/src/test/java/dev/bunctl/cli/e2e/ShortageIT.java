package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that has too little of something for a while: it is said, nothing that runs is touched, and it passes by itself. */
class ShortageIT {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final Path AS_ANOTHER = Path.of("/usr/bin/setpriv");
    private static final String USER = "54321";

    @BeforeEach
    void needsPrlimit() {
        assumeTrue(Files.isExecutable(PRLIMIT), "this host has no prlimit");
    }

    private static void limit(Bunctl bunctl, long pid, String limit) {
        bunctl.program(PRLIMIT, "--pid", Long.toString(pid), limit).succeeded();
    }

    private static void awaitOnline(Bunctl bunctl, String instance) {
        bunctl.awaitStatus(instance, seen -> "online".equals(seen.get("state")));
    }

    @Test
    void guardWithoutDescriptors_saysSo_andStartsWhenItHasSome() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            limit(bunctl, bunctl.guardPid(), "--nofile=8:");
            Bunctl.Result failed =
                    bunctl.run("start", "b", "--command", "sleep 1000").failedWith(1);
            assertTrue(failed.err().contains("too many open files"), failed.err());
            assertEquals(app, bunctl.pid("a:0"));
            limit(bunctl, bunctl.guardPid(), "--nofile=1024:");
            awaitOnline(bunctl, "b:0");
        }
    }

    @Test
    void daemonThatIsShortOfDescriptors_keepsTheLastForItself_andStartsWhenItHasMore() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            long daemon = bunctl.daemonPid();
            limit(bunctl, daemon, "--nofile=" + (highest(daemon) + 6) + ":");
            Bunctl.Result failed =
                    bunctl.run("start", "b", "--command", "sleep 1000").failedWith(1);
            assertTrue(failed.err().contains("too many open files"), failed.err());
            assertEquals(app, bunctl.pid("a:0"));
            limit(bunctl, daemon, "--nofile=1024:");
            awaitOnline(bunctl, "b:0");
            assertEquals(daemon, bunctl.daemonPid());
        }
    }

    /** Not even a client can be let in: it waits until there is room. */
    @Test
    void daemonWithoutAnyDescriptor_answersWhenItHasSome() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            long daemon = bunctl.daemonPid();
            limit(bunctl, daemon, "--nofile=4:");
            Bunctl.Running waiting = bunctl.start("status", "--json");
            HostProcesses.signal("KILL", app);
            Bunctl.await(() -> "the app ended", () -> !HostProcesses.runs(app));
            limit(bunctl, daemon, "--nofile=1024:");
            bunctl.await(waiting).succeeded();
            awaitOnline(bunctl, "a:0");
            assertEquals(daemon, bunctl.daemonPid());
        }
    }

    /** RLIMIT_NPROC holds for users, and not for root. */
    @Test
    void userWithoutAnotherProcess_isTold_andTheAppStartsWhenThereIsRoom() throws IOException {
        try (Bunctl bunctl = ofAnotherUser()) {
            asUser(bunctl, "start", "a", "--command", "sleep 1000").succeeded();
            long app = bunctl.pid("a:0");
            String guard = Long.toString(bunctl.guardPid());
            asUser(bunctl, PRLIMIT, "--pid", guard, "--nproc=1:").succeeded();
            Bunctl.Result failed =
                    asUser(bunctl, "start", "b", "--command", "sleep 1000").failedWith(1);
            assertTrue(failed.err().contains("resource temporarily unavailable"), failed.err());
            bunctl.awaitStatus("b:0", b -> "waiting_restart".equals(b.get("state"))); // between two attempts
            assertEquals(app, bunctl.pid("a:0"));
            asUser(bunctl, PRLIMIT, "--pid", guard, "--nproc=4096:").succeeded();
            awaitOnline(bunctl, "b:0");
        }
    }

    /** Supervision goes on with the threads that there are; what needs another waits for it. */
    @Test
    void daemonThatCanMakeNoThread_restartsApps_andGoesOnWhenItCan() throws IOException {
        try (Bunctl bunctl = ofAnotherUser()) {
            bunctl.write("count.sh", "echo begins; exec sleep 1000");
            asUser(bunctl, "start", "a", "--command", "sh count.sh").succeeded();
            long daemon = bunctl.daemonPid();
            asUser(bunctl, PRLIMIT, "--pid", Long.toString(daemon), "--nproc=1:")
                    .succeeded();
            for (int restarts = 1; restarts <= 2; restarts++) {
                int now = restarts;
                HostProcesses.signal("KILL", bunctl.pid("a:0"));
                bunctl.awaitStatus(
                        "a:0",
                        a -> "online".equals(a.get("state"))
                                && a.get("restarts").equals((long) now));
            }
            Bunctl.Running reading = bunctl.start("logs", "a", "--nostream", "--json");
            Bunctl.Running saving = bunctl.start("save", "kept");
            asUser(bunctl, "status").succeeded();
            asUser(bunctl, PRLIMIT, "--pid", Long.toString(daemon), "--nproc=4096:")
                    .succeeded();
            assertEquals(3, bunctl.await(reading).succeeded().out().lines().count());
            bunctl.await(saving).succeeded();
            asUser(bunctl, "start", "b", "--command", "sleep 1000").succeeded();
            assertEquals(daemon, bunctl.daemonPid());
        }
    }

    private static Bunctl ofAnotherUser() throws IOException {
        assumeTrue(
                (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0 && Files.isExecutable(AS_ANOTHER),
                "only root can become another user");
        Bunctl bunctl = new Bunctl();
        Files.setAttribute(bunctl.folder(), "unix:uid", Integer.parseInt(USER));
        return bunctl;
    }

    /** The number of the last descriptor in use. */
    private static int highest(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return all.mapToInt(fd -> Integer.parseInt(fd.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
    }

    private static Bunctl.Result asUser(Bunctl bunctl, String... words) {
        return asUser(bunctl, Bunctl.DISTRIBUTION.resolve("bin/bunctl"), words);
    }

    private static Bunctl.Result asUser(Bunctl bunctl, Path program, String... words) {
        String[] as = {"--reuid=" + USER, "--regid=" + USER, "--clear-groups", program.toString()};
        return bunctl.program(
                AS_ANOTHER, Stream.concat(Stream.of(as), Stream.of(words)).toArray(String[]::new));
    }
}
