package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.os.api.SpawnPlan.Containment;
import dev.bunctl.os.api.Witness;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits that hold. Needs root and a cgroup v2 tree with its controllers: run inside a virtual machine. */
@Tag("vm")
@Timeout(280)
final class CgroupTest {
    private static final ProcessKey KEY = new ProcessKey("my app:0", 1);

    /** Fewer than the thousand outside, see StraysTest: each costs 80 ms in a virtual machine. */
    private static final int STARTS = 250;

    private static final int AT_ONCE = 25;
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path home;

    private GuardProcess guard;
    private LinuxPlatform platform;
    private Path base;

    @SuppressWarnings("NullAway.Init") // JUnit calls open first
    CgroupTest() {}

    @BeforeEach
    void open() throws Exception {
        guard = GuardProcess.start(home);
        platform = guard.open();
        CgroupBase.Result result = CgroupBase.find(home, guard.pid());
        if (!(result instanceof CgroupBase.Result.Found found)) {
            throw new IllegalStateException(result.toString());
        }
        assertEquals(CgroupBase.WANTED, found.controllers(), found.toString());
        base = found.base();
    }

    @AfterEach
    void close() throws Exception {
        platform.close();
        guard.close();
    }

    private static Containment memory(long max, long soft) {
        return new Containment(
                max == 0 ? Optional.empty() : Optional.of(max),
                soft == 0 ? Optional.empty() : Optional.of(soft),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    private static Containment cpu(double percent) {
        return new Containment(
                Optional.empty(), Optional.empty(), Optional.of(percent), OptionalInt.empty(), OptionalInt.empty());
    }

    private Witness spawn(SpawnPlan plan) {
        Witness witness = new Witness();
        platform.processes().spawn(plan, witness, Runnable::run);
        return witness;
    }

    private static void awaitOutput(OutputPipe pipe) throws Exception {
        CountDownLatch readable = new CountDownLatch(1);
        pipe.onReadable(Runnable::run, readable::countDown);
        readable.await();
        assertTrue(pipe.read(ByteBuffer.allocateDirect(4096)) > 0);
    }

    @Test
    void maxMemory_hogIsEnded_andMemoryIsNamedAsTheCause() throws Exception {
        Witness witness =
                spawn(Plans.limited(Plans.shell(KEY, "head -c 200000000 /dev/zero | tail"), memory(50 * MEBIBYTE, 0)));
        var _ = witness.next(Witness.Told.Spawned.class);
        assertEquals(KEY, witness.next(Witness.Told.MemoryExhausted.class).key());
        assertEquals(
                new ExitStatus.Killed(Signal.KILL, false),
                witness.next(Witness.Told.Ended.class).exit().status());
    }

    @Test
    void softMemory_anonymousHog_isTold_andHoldsWhatItHas_andLivesOnWhenLifted() throws Exception {
        Witness witness = spawn(Plans.limited(
                Plans.shell(KEY, "head -c 60000000 /dev/zero | tail | wc -c; sleep 1000"), memory(0, 20 * MEBIBYTE)));
        OutputPipe stdout = witness.next(Witness.Told.Spawned.class).stdout();
        var _ = witness.next(Witness.Told.SoftMemoryPassed.class);
        Processes.Account account = platform.processes().account(KEY).orElseThrow();
        assertTrue(account.memory().orElseThrow().heldBytes() > 10 * MEBIBYTE, account.toString());
        platform.processes().limit(KEY, memory(0, 0));
        awaitOutput(stdout);
        platform.processes().signal(KEY, Signal.KILL, Processes.Scope.TREE);
    }

    @Test
    void softMemory_readerOfALargeFile_holdsNothing() throws Exception {
        // More than the limit, on a disk; what is cached is charged to whoever read it first.
        Path large = Path.of(System.getProperty("java.home"), "lib", "modules");
        assertTrue(Files.size(large) > 60 * MEBIBYTE);
        KernelFile.write(Path.of("/proc/sys/vm/drop_caches"), "1");
        Witness witness = spawn(Plans.limited(
                Plans.shell(
                        KEY, "cat \"$1\" >/dev/null; cat \"$1\" >/dev/null; echo read; sleep 1000", large.toString()),
                memory(0, 20 * MEBIBYTE)));
        OutputPipe stdout = witness.next(Witness.Told.Spawned.class).stdout();
        var _ = witness.next(Witness.Told.SoftMemoryPassed.class);
        awaitOutput(stdout);
        Processes.Account account = platform.processes().account(KEY).orElseThrow();
        assertTrue(account.memory().orElseThrow().heldBytes() < 5 * MEBIBYTE, account.toString());
        platform.processes().signal(KEY, Signal.KILL, Processes.Scope.TREE);
    }

    @Test
    void maxCpu_isHeldWithinThreePercentOverFiveSeconds() throws Exception {
        Witness witness = spawn(Plans.limited(Plans.shell(KEY, "while :; do :; done"), cpu(20)));
        var _ = witness.next(Witness.Told.Spawned.class);
        Processes.Account first = platform.processes().account(KEY).orElseThrow();
        long started = System.nanoTime();
        Process clock = new ProcessBuilder("sleep", "5").start();
        assertEquals(0, clock.waitFor());
        Processes.Account last = platform.processes().account(KEY).orElseThrow();
        double percent = 100.0 * (last.cpuNanos() - first.cpuNanos()) / (System.nanoTime() - started);
        assertEquals(20, percent, 3);
        assertTrue(last.throttledNanos() > 0);
        platform.processes().signal(KEY, Signal.KILL, Processes.Scope.TREE);
        var _ = witness.next(Witness.Told.Ended.class);
    }

    @Test
    void maxProcesses_forkBombIsHeld_andEndedAsAWhole() throws Exception {
        Containment fifty = new Containment(
                Optional.empty(), Optional.empty(), Optional.of(50.0), OptionalInt.of(10), OptionalInt.of(50));
        Witness witness = spawn(Plans.limited(
                Plans.shell(KEY, "bomb() { bomb & bomb & wait; }; bomb 2>/dev/null; echo held; sleep 1000"), fifty));
        var _ = witness.next(Witness.Told.Spawned.class);
        Process clock = new ProcessBuilder("sleep", "1").start();
        assertEquals(0, clock.waitFor());
        assertTrue(platform.processes().account(KEY).orElseThrow().processes().orElseThrow() <= 50);
        platform.processes().signal(KEY, Signal.KILL, Processes.Scope.TREE);
        var _ = witness.next(Witness.Told.Ended.class);
        assertFalse(Files.exists(base.resolve("app-my%20app")), "groups are removed with the last process");
    }

    @Test
    void stop_setsidDoubleForkAndClearedEnvironment_leaveNoStray() throws Exception {
        for (int first = 1; first <= STARTS; first += AT_ONCE) {
            Map<ProcessKey, Witness> started = new LinkedHashMap<>();
            for (int i = first; i < first + AT_ONCE; i++) {
                ProcessKey key = new ProcessKey("my app:0", i);
                String script = "sleep 100 & setsid sleep 100 & (env -i /bin/sleep 100 &); echo up; wait";
                started.put(key, spawn(Plans.contained(Plans.shell(key, script))));
            }
            for (Map.Entry<ProcessKey, Witness> each : started.entrySet()) {
                OutputPipe stdout =
                        each.getValue().next(Witness.Told.Spawned.class).stdout();
                awaitOutput(stdout);
                platform.processes().signal(each.getKey(), Signal.TERM, Processes.Scope.GROUP);
                var _ = each.getValue().next(Witness.Told.Ended.class);
                assertEquals(OutputPipe.END, stdout.read(ByteBuffer.allocateDirect(100)), "nobody holds the pipe");
                stdout.close();
                platform.processes().forget(each.getKey());
            }
        }
        assertFalse(Files.exists(base.resolve("app-my%20app")));
    }

    @Test
    void staleGroups_areEndedAndRemovedAtStart_thoseOfSurvivorsStay() throws Exception {
        Witness witness = spawn(Plans.contained(Plans.shell(KEY, "sleep 1000")));
        var _ = witness.next(Witness.Told.Spawned.class);
        platform.close();
        Path stale =
                Files.createDirectories(base.resolve("app-old").resolve("0").resolve("3"));
        Process stray = new ProcessBuilder("sleep", "1000").start();
        KernelFile.write(stale.resolve("cgroup.procs"), Long.toString(stray.pid()));
        platform = guard.open();
        assertEquals(128 + 9, stray.waitFor());
        assertTrue(Files.isDirectory(base.resolve("app-my%20app/0/1")));
        List<Processes.Survivor> survivors = platform.processes().survivors();
        assertEquals(KEY, survivors.getFirst().key());
        Witness adopted = new Witness();
        platform.processes().adopt(survivors.getFirst(), adopted, Runnable::run);
        platform.processes().signal(KEY, Signal.KILL, Processes.Scope.TREE);
        var _ = adopted.next(Witness.Told.Ended.class);
        assertFalse(Files.exists(base.resolve("app-old")), "gone with its last process");
    }

    @Test
    void capabilities_sayWhereTheLimitsAre() {
        for (String name : List.of("limits.memory", "limits.cpu", "limits.processes", "tree.end")) {
            assertTrue(
                    platform.capabilities().has(name), platform.capabilities().toString());
        }
    }
}
