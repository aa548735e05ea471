package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several daemons on one host, and users who may only look. */
class SharedHostIT {
    private static final String GROUP = "54321";
    private static final String STRANGER = "54322";
    private static final Path AS_ANOTHER = Path.of("/usr/bin/setpriv");

    /** Where {@code --system} has its home; it cannot be told another place. */
    private static final Path SYSTEM_HOME = Path.of("/var/lib/bunctl");

    /** So that the tests leave nothing on this host. */
    private static final List<String> OWN_VAR_LIB =
            List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs -o mode=755 none /var/lib && exec \"$@\"", "sh");

    @Test
    void twoHomes_knowNothingOfEachOther() {
        try (Bunctl one = new Bunctl();
                Bunctl other = new Bunctl()) {
            one.run("start", "a", "--command", "sleep 1000").succeeded();
            other.run("start", "a", "--command", "sleep 1000").succeeded();
            assertNotEquals(one.guardPid(), other.guardPid());
            one.run("delete", "all").succeeded();
            assertEquals("online", other.status("a:0").get("state"));
        }
    }

    @Test
    void usersSideBySide_eachHaveADaemonOfTheirOwn_andReachNoOther() throws IOException {
        assumeTrue(isRoot(), "only root can become another user");
        try (Bunctl one = ownedBy(GROUP);
                Bunctl other = ownedBy(STRANGER)) {
            as(one, GROUP, GROUP, "start", "a", "--command", "sleep 1000").succeeded();
            as(other, STRANGER, STRANGER, "start", "a", "--command", "sleep 1000")
                    .succeeded();
            assertEquals(GROUP, owner(one.pid("a:0")));
            assertEquals(STRANGER, owner(other.pid("a:0")));
            assertEquals(GROUP, owner(one.daemonPid()));
            long app = other.pid("a:0");
            assertNotEquals(one.guardPid(), other.guardPid());
            // Whoever names another's home finds nothing there, and changes nothing.
            assertNotEquals(0, as(other, GROUP, GROUP, "stop", "a").exit());
            as(one, GROUP, GROUP, "kill").succeeded();
            assertEquals(app, other.pid("a:0"));
        }
    }

    @Test
    void daemonOfTheHost_livesBesideThatOfRoot_andAGroupMayLook() throws IOException {
        assumeTrue(isRoot() && mayMount(), "only root can pretend another /var/lib");
        assumeTrue(Files.notExists(SYSTEM_HOME), "this host has a daemon of its own");
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_SOCKET_GROUP", GROUP)) {
            Files.setPosixFilePermissions(bunctl.folder(), PosixFilePermissions.fromString("rwx--x--x"));
            bunctl.run("start", "own", "--command", "sleep 1000").succeeded();
            bunctl.runIn(OWN_VAR_LIB, "--system", "start", "ours", "--command", "sleep 1000")
                    .succeeded();
            List<String> enter = List.of("nsenter", "--mount=/proc/" + systemGuard() + "/ns/mnt");
            try {
                assertEquals("ours", only(bunctl.runIn(enter, "--system", "list", "--json")));
                assertEquals("own", only(bunctl.run("list", "--json")));
                List<String> member = Stream.concat(
                                enter.stream(),
                                Stream.of(
                                        AS_ANOTHER.toString(),
                                        "--reuid=" + STRANGER,
                                        "--regid=" + GROUP,
                                        "--clear-groups"))
                        .toList();
                assertEquals("ours", only(bunctl.runIn(member, "--system", "list", "--json")));
                bunctl.runIn(member, "--system", "stop", "ours").failedWith(6);
                bunctl.run("kill").succeeded();
                assertEquals("ours", only(bunctl.runIn(enter, "--system", "list", "--json")));
            } finally {
                bunctl.runIn(enter, "--system", "kill").succeeded();
                Bunctl.await(
                        () -> "nothing of it runs: " + HostProcesses.of(SYSTEM_HOME),
                        () -> HostProcesses.of(SYSTEM_HOME).isEmpty());
            }
        }
    }

    private static Object only(Bunctl.Result list) {
        assertEquals(1, list.succeeded().apps().size(), list.toString());
        return String.valueOf(list.apps().getFirst().get("name"));
    }

    private static String systemGuard() {
        return HostProcesses.of(SYSTEM_HOME).stream()
                .filter(process -> process.contains("lib/bunctl-guard "))
                .map(process -> process.substring(0, process.indexOf(' ')))
                .findFirst()
                .orElseThrow();
    }

    private static boolean mayMount() throws IOException {
        try {
            return new ProcessBuilder("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/var/lib")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static Bunctl ownedBy(String user) throws IOException {
        Bunctl bunctl = new Bunctl();
        Files.setAttribute(bunctl.folder(), "unix:uid", Integer.parseInt(user));
        return bunctl;
    }

    private static String owner(long pid) throws IOException {
        return Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid")
                .toString();
    }

    private static boolean isRoot() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0 && Files.isExecutable(AS_ANOTHER);
    }

    @Test
    void memberOfTheSocketsGroup_maySeeAndNotChange() throws IOException {
        assumeTrue(isRoot(), "only root can become another user");
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_SOCKET_GROUP", GROUP)) {
            Files.setPosixFilePermissions(bunctl.folder(), PosixFilePermissions.fromString("rwx--x--x"));
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            assertEquals("rwx--x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(bunctl.home())));
            assertEquals(
                    "a",
                    asMember(bunctl, "list", "--json")
                            .succeeded()
                            .apps()
                            .getFirst()
                            .get("name"));
            asMember(bunctl, "stop", "a").failedWith(6);
            assertEquals("online", bunctl.status("a:0").get("state"));
            Bunctl.Result stranger = as(bunctl, STRANGER, STRANGER, "list", "--json");
            assertTrue(stranger.exit() != 0 || stranger.apps().isEmpty(), stranger.toString());
            bunctl.run("doctor").succeeded();
        }
    }

    private static Bunctl.Result asMember(Bunctl bunctl, String... words) {
        return as(bunctl, STRANGER, GROUP, words);
    }

    private static Bunctl.Result as(Bunctl bunctl, String user, String group, String... words) {
        String[] all = new String[words.length + 4];
        all[0] = "--reuid=" + user;
        all[1] = "--regid=" + group;
        all[2] = "--clear-groups";
        all[3] = Bunctl.DISTRIBUTION.resolve("bin/bunctl").toString();
        System.arraycopy(words, 0, all, 4, words.length);
        return bunctl.program(AS_ANOTHER, all);
    }
}
