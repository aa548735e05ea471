package dev.bunctl.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.HostCapability;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.cli.doctor.Finding.Verdict;
import dev.bunctl.cli.doctor.Patient.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             %s                %s                processes
            Max open files            1024                 %s              files
            """;

    @TempDir
    Path root;

    private Path home;
    private Daemon daemon = new Daemon.None();
    private Instant now = NOW;

    @BeforeEach
    void healthyHost() throws IOException {
        home = Files.createDirectory(
                root.resolve("h"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        put("proc/self/limits", LIMITS.formatted("9999", "9999", "524288"));
        put("proc/sys/fs/pipe-user-pages-soft", "16384\n");
        put("proc/sys/fs/inotify/max_user_instances", "128\n");
        put("proc/sys/fs/inotify/max_user_watches", "65536\n");
        put("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        put("proc/self/cgroup", "0::/user.slice/run.scope\n");
        put("sys/fs/cgroup/user.slice/cgroup.procs", "");
        put("sys/fs/cgroup/user.slice/cgroup.controllers", "cpu io memory pids\n");
        put("lib/build", "0123\n");
        put("lib/aot/made-for", "0123\n" + System.getProperty("java.home") + "\n25\n");
        put("lib/aot/thin.aot", "cache");
        put("bin/bun", "#!/bin/sh\necho 1.2.3\n");
        assertTrue(root.resolve("bin/bun").toFile().setExecutable(true));
    }

    private void put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private List<Finding> findings() throws IOException {
        int user = (Integer) Files.getAttribute(root, "unix:uid");
        Patient patient = new Patient(
                root,
                home,
                root.resolve("lib"),
                Map.of("PATH", root.resolve("bin").toString()),
                user,
                daemon,
                "1.0",
                now);
        return Doctor.examine(patient);
    }

    private Finding finding(String name) throws IOException {
        return findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @CanIgnoreReturnValue
    private Finding finding(String name, Verdict expected) throws IOException {
        Finding finding = finding(name);
        assertEquals(expected, finding.verdict(), finding.toString());
        assertEquals(expected == Verdict.OK, finding.remedy().isEmpty(), finding.toString());
        return finding;
    }

    @Test
    void healthyHost_nothingIsBrokenAndTheExitCodeIsZero() throws IOException {
        for (Finding finding : findings()) {
            assertEquals(Verdict.OK, finding.verdict(), finding.toString());
        }
        assertEquals(0, Report.of(findings(), false).exitCode());
    }

    @Test
    void json_hasEveryCheckAndSaysWhetherAllIsWell() throws IOException {
        put("h/state/desired.json", "{");
        Rendered report = Report.of(findings(), true);
        assertEquals(12, report.exitCode());
        Map<String, Object> body = Json.readObject(report.out());
        assertEquals(1L, body.get("version"));
        assertEquals(false, body.get("healthy"));
        assertTrue(
                body.get("checks") instanceof List<?> checks
                        && checks.size() == findings().size(),
                report.out());
    }

    @Test
    void text_cannotSteerATerminal() {
        Rendered report = Report.of(List.of(Finding.warn("home", "a\u001b[2Jb\n", "c\u0007")), false);
        assertFalse(report.out().contains("\u001b"), report.out());
        assertEquals(2, report.out().lines().count());
    }

    @ParameterizedTest
    @CsvSource({"128,BROKEN", "256,WARN", "4095,WARN", "4096,OK", "unlimited,OK"})
    void openFiles_areJudgedByTheHardLimit(String hard, Verdict expected) throws IOException {
        put("proc/self/limits", LIMITS.formatted("9999", "9999", hard));
        finding("limits.files", expected);
    }

    @ParameterizedTest
    @CsvSource({"63,BROKEN", "64,WARN", "511,WARN", "512,OK", "unlimited,OK"})
    void processes_areJudged(String most, Verdict expected) throws IOException {
        put("proc/self/limits", LIMITS.formatted(most, most, "4096"));
        finding("limits.processes", expected);
    }

    @ParameterizedTest
    @CsvSource({"0,OK", "1023,WARN", "1024,OK"})
    void pipes_areJudged(String pages, Verdict expected) throws IOException {
        put("proc/sys/fs/pipe-user-pages-soft", pages);
        finding("limits.pipes", expected);
    }

    @Test
    void inotify_fewInstances_isAWarning() throws IOException {
        put("proc/sys/fs/inotify/max_user_instances", "8");
        finding("limits.inotify", Verdict.WARN);
    }

    @Test
    void runningGuard_itsLimitsCountAndNotTheCallers() throws IOException {
        daemon = alive("1.0");
        put("proc/77/limits", LIMITS.formatted("9999", "9999", "128"));
        put("proc/77/cgroup", "0::/user.slice/run.scope\n");
        finding("limits.files", Verdict.BROKEN);
    }

    @Test
    void cgroups_noneMounted_saysSoAndWhatTakesTheirPlace() throws IOException {
        put("proc/self/mountinfo", "30 23 0:26 / /sys rw - sysfs sysfs rw\n");
        Finding finding = finding("cgroups", Verdict.WARN);
        assertTrue(finding.detail().contains("keeper"), finding.detail());
    }

    @Test
    void cgroups_controllersAreMissing_namesThem() throws IOException {
        put("sys/fs/cgroup/user.slice/cgroup.controllers", "cpu pids\n");
        assertTrue(finding("cgroups", Verdict.WARN).detail().contains("memory"));
    }

    @Test
    void cgroups_ofAServiceWithAnOwnLeaf_areBesideTheLeaf() throws IOException {
        put("proc/self/cgroup", "0::/system.slice/bunctl.service/bunctld\n");
        put("sys/fs/cgroup/system.slice/bunctl.service/cgroup.procs", "");
        put("sys/fs/cgroup/system.slice/bunctl.service/cgroup.controllers", "cpu memory pids\n");
        assertTrue(finding("cgroups", Verdict.OK).detail().endsWith("bunctl.service"));
    }

    @Test
    void bunThatIsNotThere_isAWarningAndNodeIsNot() throws IOException {
        Files.delete(root.resolve("bin/bun"));
        finding("bun", Verdict.WARN);
        finding("node", Verdict.OK);
    }

    @Test
    void bunThatFails_isAWarningWithItsExitCode() throws IOException {
        put("bin/bun", "#!/bin/sh\nexit 3\n");
        assertTrue(finding("bun", Verdict.WARN).detail().contains("ended with 3"));
    }

    @Test
    void homeThatIsAFile_isBroken() throws IOException {
        Files.delete(home);
        put("h", "");
        finding("home", Verdict.BROKEN);
    }

    @Test
    void homeThatIsNotThere_isMadeByTheFirstStart() throws IOException {
        home = root.resolve("not/yet");
        finding("home", Verdict.OK);
        finding("disk", Verdict.OK);
        assertFalse(Files.exists(root.resolve("not")));
    }

    @Test
    void homeOpenToOthers_isAWarning() throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
        assertTrue(finding("home", Verdict.WARN).detail().contains("rwxr-x---"));
    }

    @Test
    void stateThatIsCut_isBrokenAndSaysWhere() throws IOException {
        put("h/state/desired.json", "{\"version\":1,\"apps\":[");
        finding("state", Verdict.BROKEN);
    }

    @Test
    void stateSetAside_isAWarning() throws IOException {
        put("h/state/desired.json", "{\"version\":1,\"apps\":[]}");
        put("h/state/desired.json.corrupt-20300101-000000-000", "x");
        finding("state", Verdict.OK);
        assertTrue(finding("stale", Verdict.WARN).detail().contains("corrupt-20300101"));
    }

    @Test
    void clock_beforeBunctlWasThere_isBroken() throws IOException {
        now = Instant.EPOCH;
        finding("clock", Verdict.BROKEN);
    }

    @Test
    void clock_behindTheSavedState_isAWarning() throws IOException {
        put("h/state/desired.json", "{\"version\":1,\"apps\":[]}");
        now = Files.getLastModifiedTime(home.resolve("state/desired.json"))
                .toInstant()
                .minusSeconds(3600);
        finding("clock", Verdict.WARN);
    }

    @Test
    void socketNobodyListensOn_isAWarning() throws IOException {
        put("h/run/bunctl.sock", "");
        finding("socket", Verdict.WARN);
    }

    @Test
    void socketDeletedUnderAGuard_isBroken() throws IOException {
        put("h/run/lock", "77\n");
        put("proc/77/comm", "bunctl-guard\n");
        finding("socket", Verdict.BROKEN);
    }

    @Test
    void homeWithALongPath_hasNoRoomForASocket() throws IOException {
        home = root.resolve("x".repeat(107));
        finding("socket", Verdict.BROKEN);
    }

    @Test
    void daemonOfAnotherVersion_isAWarningThatNamesUpdate() throws IOException {
        daemon = alive("0.9");
        assertTrue(finding("daemon", Verdict.WARN).remedy().contains("bunctl update"));
    }

    @Test
    void daemonThatDoesNotAnswer_isBroken() throws IOException {
        daemon = new Daemon.Silent("no answer");
        finding("daemon", Verdict.BROKEN);
    }

    @Test
    void startUpCachesOfAnotherJava_areAWarning() throws IOException {
        put("lib/aot/made-for", "0123\n/elsewhere\n25\n");
        finding("java.caches", Verdict.WARN);
    }

    @Test
    void startUpCachesOfTheHome_areAsGood() throws IOException {
        put("lib/aot/made-for", "0123\n/elsewhere\n25\n");
        put("h/aot/made-for", "0123\n" + System.getProperty("java.home") + "\n25\n");
        put("h/aot/thin.aot", "cache");
        assertTrue(finding("java.caches", Verdict.OK).detail().contains("h/aot"));
    }

    @Test
    void startUpCachesThatCouldNotBeMade_areAWarningThatSaysWhy() throws IOException {
        put("lib/aot/made-for", "0123\n/elsewhere\n25\n");
        put("h/aot/attempt", "0123\n" + System.getProperty("java.home") + "\n25\n25+1\n1\nfailed: no space left\n");
        assertTrue(finding("java.caches", Verdict.WARN).detail().contains("no space left"));
        put("h/aot/attempt", "0123\n/a/java/before\n25\n25+1\n1\nfailed: no space left\n");
        assertTrue(finding("java.caches", Verdict.WARN).remedy().contains("the daemon makes them"));
    }

    @Test
    void startUpCachesOfAnotherBuild_areAWarning() throws IOException {
        put("lib/build", "4567\n");
        finding("java.caches", Verdict.WARN);
    }

    @Test
    void whatTheDaemonFoundOfTheHost_countsMoreThanWhatIsSeenFromHere() throws IOException {
        List<HostCapability> all = List.of(
                new HostCapability("limits.memory", true, "cgroup v2 in /a"),
                new HostCapability("limits.cpu", false, "no controller cpu"),
                new HostCapability("tree.end", true, "the kernel ends a whole group in /a"));
        daemon = new Daemon.Alive(new Answer.Pong(78, 77, "1.0", 1, home.toString()), Optional.empty(), all);
        String lacking = finding("cgroups", Verdict.WARN).detail();
        assertEquals(
                "the kernel does not enforce limits.cpu: no controller cpu; the kernel ends a whole group in /a",
                lacking);
        daemon = new Daemon.Alive(
                new Answer.Pong(78, 77, "1.0", 1, home.toString()), Optional.empty(), List.of(all.get(0), all.get(2)));
        assertTrue(finding("cgroups", Verdict.OK).detail().contains("the kernel ends a whole group in /a"));
    }

    @Test
    void bridge_isShownWithItsFingerprint_andBrokenWhenItCannotListen() throws IOException {
        daemon = listening(true, Optional.empty());
        String detail = finding("bridge", Verdict.OK).detail();
        assertTrue(detail.contains("192.0.2.1 port 9616") && detail.contains("AB:CD"), detail);
        daemon = listening(false, Optional.empty());
        assertTrue(finding("bridge", Verdict.OK).detail().startsWith("closed"));
        daemon = listening(true, Optional.of("no such address"));
        assertTrue(finding("bridge", Verdict.BROKEN).detail().contains("no such address"));
    }

    private Daemon listening(boolean enabled, Optional<String> problem) {
        return new Daemon.Alive(
                new Answer.Pong(78, 77, "1.0", 1, home.toString()),
                Optional.of(new Answer.Listening(
                        enabled, "192.0.2.1", 9616, "own", false, Optional.of("AB:CD"), problem, 0)),
                List.of());
    }

    private Daemon alive(String version) {
        return new Daemon.Alive(new Answer.Pong(78, 77, version, 1, home.toString()), Optional.empty(), List.of());
    }
}
