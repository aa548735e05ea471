package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.ProcessesContract;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.os.api.Witness;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what only Linux can be asked, with the real guard and real programs. */
final class LinuxProcessesTest extends ProcessesContract {
    private static final String OBEDIENT = """
            exec 3<>"$1"
            while read -r verb rest <&3; do
              case $verb in
                out) printf %s "$rest" ;;
                err) printf %s "$rest" >&2 ;;
                exit) exit "$rest" ;;
              esac
            done
            """;

    @TempDir
    Path home;

    private final Map<ProcessKey, RandomAccessFile> controls = new HashMap<>();
    private GuardProcess guard;
    private LinuxPlatform platform;

    @SuppressWarnings("NullAway.Init") // JUnit calls open first
    LinuxProcessesTest() {}

    @BeforeEach
    void open() throws Exception {
        guard = GuardProcess.start(home);
        platform = guard.open();
    }

    @AfterEach
    void close() throws Exception {
        platform.close();
        guard.close();
        for (RandomAccessFile control : controls.values()) {
            control.close();
        }
    }

    @Override
    protected Platform platform() {
        return platform;
    }

    @Override
    protected Platform successor() throws Exception {
        platform.close();
        platform = guard.open();
        return platform;
    }

    @Override
    protected SpawnPlan program(ProcessKey key) throws Exception {
        Path control = home.resolve("control-" + key.generation());
        if (!controls.containsKey(key)) {
            LibC.check(TestLibC.mkfifo(NativeBuffer.cString(control), 0600), "mkfifo", control);
            controls.put(key, new RandomAccessFile(control.toFile(), "rw"));
        }
        return Plans.shell(key, OBEDIENT, control.toString());
    }

    @Override
    protected SpawnPlan missing(ProcessKey key) {
        return Plans.program(key, "/no/such/program");
    }

    private void command(ProcessKey key, String line) throws Exception {
        RandomAccessFile control = controls.get(key);
        if (control == null) {
            throw new IllegalStateException("no program " + key);
        }
        control.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void print(ProcessKey key, String text) throws Exception {
        command(key, "out " + text);
    }

    @Override
    protected void printError(ProcessKey key, String text) throws Exception {
        command(key, "err " + text);
    }

    @Override
    protected void exit(ProcessKey key, int code) throws Exception {
        command(key, "exit " + code);
    }

    private Witness spawn(SpawnPlan plan) {
        Witness witness = new Witness();
        platform.processes().spawn(plan, witness, Runnable::run);
        return witness;
    }

    private NativeException refusal(SpawnPlan plan) throws Exception {
        return spawn(plan).next(Witness.Told.NotSpawned.class).cause();
    }

    private String outputOf(SpawnPlan plan) throws Exception {
        return readToEnd(spawn(plan).next(Witness.Told.Spawned.class).stdout());
    }

    @Test
    void spawn_wrongPrograms_nameStepAndCause() throws Exception {
        Path text = Files.writeString(home.resolve("text"), "neither ELF nor script");
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwx------"));
        Path plain = Files.writeString(home.resolve("plain"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-------"));
        NativeException noFormat = refusal(Plans.program(KEY, text.toString()));
        assertEquals("exec", noFormat.call());
        assertEquals(8, noFormat.errno());
        assertTrue(noFormat.detail().contains("not an executable format"), noFormat.detail());
        NativeException noPermission = refusal(Plans.program(KEY, plain.toString()));
        assertEquals("exec", noPermission.call());
        assertEquals(13, noPermission.errno());
    }

    @Test
    void spawn_wrongDirectory_namesStepAndCause() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        for (Map.Entry<Path, Integer> wrong :
                Map.of(home.resolve("absent"), 2, file, 20).entrySet()) {
            NativeException cause = refusal(
                    Plans.of(KEY, Path.of("/bin/true"), List.of("true"), Map.of(), wrong.getKey(), Optional.empty()));
            assertEquals("directory", cause.call());
            assertEquals(wrong.getValue(), cause.errno());
        }
    }

    @Test
    void spawn_largeAndUnicodeArguments_arriveAsTheyAre() throws Exception {
        String large = "ü€😀".repeat(11_000); // 99,000 bytes
        SpawnPlan plan = Plans.of(
                KEY,
                Path.of("/bin/sh"),
                List.of("sh", "-c", "printf '%s|%s|%s' \"${#1}\" \"$2\" \"$LARGE\" | cksum", "sh", large, "grüße €"),
                Map.of("LARGE", large, "PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"),
                Path.of("/"),
                Optional.empty());
        byte[] expected =
                (large.getBytes(StandardCharsets.UTF_8).length + "|grüße €|" + large).getBytes(StandardCharsets.UTF_8);
        Process cksum = new ProcessBuilder("cksum").start();
        cksum.getOutputStream().write(expected);
        cksum.getOutputStream().close();
        String sum = new String(cksum.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String actual = outputOf(plan);
        byte[] inCharacters =
                (large.codePointCount(0, large.length()) + "|grüße €|" + large).getBytes(StandardCharsets.UTF_8);
        assertTrue(actual.equals(sum) || actual.endsWith(inCharacters.length + "\n"), actual);
    }

    @Test
    void spawn_moreThanAPacket_isRefusedWithTheLimit() throws Exception {
        SpawnPlan plan = Plans.shell(KEY, "x".repeat(GuardCodec.MAX_PACKET));
        NativeException cause = refusal(plan);
        assertEquals("plan", cause.call());
        assertEquals(Errno.E2BIG, cause.errno());
    }

    @Test
    void spawn_environmentIsExactlyThePlans() throws Exception {
        SpawnPlan plan = Plans.of(
                KEY,
                Path.of("/usr/bin/env"),
                List.of("env"),
                Map.of("ONLY", "this=one"),
                Path.of("/"),
                Optional.empty());
        assertEquals("ONLY=this=one\n", outputOf(plan));
    }

    @Test
    void spawn_descriptorsAreOnlyTheThree_andStdinIsNull() throws Exception {
        assertEquals(
                "0 1 2 3 /dev/null\n",
                outputOf(Plans.shell(KEY, "echo $(ls /proc/self/fd) $(readlink /proc/self/fd/0)")));
    }

    @Test
    void exit_descendantsEvenOfAnotherSession_areEnded_soTheOutputEnds() throws Exception {
        Witness witness = spawn(Plans.shell(KEY, "sleep 1000 & setsid sleep 1000 & printf parent; exit 9"));
        OutputPipe stdout = witness.next(Witness.Told.Spawned.class).stdout();
        assertEquals(
                new ExitStatus.Code(9),
                witness.next(Witness.Told.Ended.class).exit().status());
        assertEquals("parent", readToEnd(stdout));
    }

    @Test
    void signal_group_reachesChildren_andTreeThoseInOtherSessions() throws Exception {
        Witness witness = spawn(
                Plans.shell(
                        KEY,
                        "trap '' TERM; (trap 'printf group; exit 0' TERM; echo ready; while :; do sleep 0.05; done) & wait; wait"));
        OutputPipe stdout = witness.next(Witness.Told.Spawned.class).stdout();
        ByteBuffer buffer = ByteBuffer.allocateDirect(6);
        while (buffer.hasRemaining()) {
            CountDownLatch readable = new CountDownLatch(1);
            stdout.onReadable(Runnable::run, readable::countDown);
            readable.await();
            var _ = stdout.read(buffer);
        }
        platform.processes().signal(KEY, Signal.TERM, Processes.Scope.GROUP);
        assertEquals("group", readToEnd(stdout));
        var _ = witness.next(Witness.Told.Ended.class);
        Witness tree = spawn(Plans.shell(new ProcessKey("app:0", 2), "setsid sleep 1000 & echo ready; wait"));
        OutputPipe held = tree.next(Witness.Told.Spawned.class).stdout();
        CountDownLatch readable = new CountDownLatch(1);
        held.onReadable(Runnable::run, readable::countDown);
        readable.await();
        platform.processes().signal(new ProcessKey("app:0", 2), Signal.KILL, Processes.Scope.TREE);
        assertEquals("ready\n", readToEnd(held)); // the end comes only when the sleeper in its own session is gone too
    }

    @Test
    void guardCrash_runningProcessesAreWatchedOn_andSpawnsFail() throws Exception {
        Witness witness = spawn(program(KEY));
        var _ = witness.next(Witness.Told.Spawned.class);
        CountDownLatch lost = new CountDownLatch(1);
        platform.onParentLost(Runnable::run, lost::countDown);
        guard.crash();
        lost.await();
        NativeException cause = refusal(Plans.program(new ProcessKey("app:0", 2), "/bin/true"));
        assertEquals("guard", cause.call());
        platform.processes().signal(KEY, Signal.KILL, Processes.Scope.GROUP);
        ExitStatus status = witness.next(Witness.Told.Ended.class).exit().status();
        boolean kept = platform.capabilities().has("process.exit_after_parent");
        assertEquals(kept ? new ExitStatus.Killed(Signal.KILL, false) : new ExitStatus.Unknown(), status);
    }

    @Test
    void close_givesBackEveryDescriptor_andLeavesProcessesAlone() throws Exception {
        long before = descriptors();
        LinuxPlatform other = guard.open();
        Witness witness = new Witness();
        other.processes().spawn(Plans.shell(KEY, "sleep 1000"), witness, Runnable::run);
        long pid = witness.next(Witness.Told.Spawned.class).identity().pid();
        other.close();
        assertEquals(before, descriptors());
        assertTrue(ProcStat.of(pid).isPresent());
    }

    static long descriptors() throws Exception {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count() - 1;
        }
    }
}
