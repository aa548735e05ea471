package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.HostSignals;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Witness;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon does when the guard is slow, wrong or gone: the test is the guard. */
@Timeout(120)
final class PretendedGuardTest {
    private static final ProcessKey KEY = new ProcessKey("app:0", 1);

    @TempDir
    Path home;

    private GuardSide guard;
    private TestLibC.Pair pair;

    @SuppressWarnings("NullAway.Init") // JUnit calls open first
    PretendedGuardTest() {}

    @BeforeEach
    void open() throws Exception {
        pair = TestLibC.Pair.open();
        guard = new GuardSide(pair.guard());
    }

    @AfterEach
    void close() {
        guard.close();
    }

    private LinuxPlatform connect(List<GuardMessage.Entry> entries, List<int[]> descriptors) throws Exception {
        CompletableFuture<Void> welcomed = CompletableFuture.runAsync(() -> {
            try {
                guard.welcome(entries, descriptors);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        LinuxPlatform platform = LinuxPlatform.open(pair.daemon(), home);
        welcomed.join();
        return platform;
    }

    private int emptyFifo(String name) throws Exception {
        return TestLibC.fifo(home.resolve(name));
    }

    @Test
    void spawns_upToTheLimitWait_andOneMoreIsRefused() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            Witness witness = new Witness();
            for (int i = 1; i <= LinuxProcesses.MAX_WAITING_SPAWNS; i++) {
                platform.processes()
                        .spawn(Plans.program(new ProcessKey("app:0", i), "/bin/true"), witness, Runnable::run);
            }
            assertTrue(witness.heardNothingMore());
            ProcessKey tooMany = new ProcessKey("app:1", 1);
            platform.processes().spawn(Plans.program(tooMany, "/bin/true"), witness, Runnable::run);
            Witness.Told.NotSpawned refused = witness.next(Witness.Told.NotSpawned.class);
            assertEquals(tooMany, refused.key());
            assertEquals(Errno.EAGAIN, refused.cause().errno());
            for (int i = 1; i <= LinuxProcesses.MAX_WAITING_SPAWNS; i++) {
                GuardSide.Packet packet = present(guard.receive());
                GuardMessage.Spawn spawn = (GuardMessage.Spawn) packet.message();
                assertEquals(i, spawn.key().generation(), "in the order of the calls");
            }
        }
    }

    private static GuardSide.Packet present(GuardSide.@org.jspecify.annotations.Nullable Packet packet) {
        assertNotNull(packet);
        return java.util.Objects.requireNonNull(packet);
    }

    @Test
    void ping_isAnsweredOnlyByTheOneWhoDoesTheWork() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
            platform.answerLivenessOn(work::add);
            guard.send(0, new GuardMessage.Ping());
            Runnable answer = work.take();
            platform.announceReady();
            assertEquals(new GuardMessage.Ready(), present(guard.receive()).message());
            answer.run();
            assertEquals(new GuardMessage.Pong(), present(guard.receive()).message());
        }
    }

    @Test
    void replaceParent_refused_tellsWhy_andUpgraded_tellsNothing() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            LinkedBlockingQueue<Optional<NativeException>> outcomes = new LinkedBlockingQueue<>();
            platform.replaceParent(Path.of("/new"), Runnable::run, outcomes::add);
            platform.replaceParent(Path.of("/other"), Runnable::run, outcomes::add);
            assertEquals(Errno.EBUSY, outcomes.take().orElseThrow().errno());
            GuardSide.Packet asked = present(guard.receive());
            assertEquals(new GuardMessage.Upgrade("/new"), asked.message());
            guard.send(asked.sequence(), new GuardMessage.Refused(Errno.EAGAIN, "not now"));
            assertEquals("not now", outcomes.take().orElseThrow().detail());
            platform.replaceParent(Path.of("/new"), Runnable::run, outcomes::add);
            guard.send(present(guard.receive()).sequence(), new GuardMessage.Upgraded(1, 7));
            assertTrue(outcomes.take().isEmpty());
        }
    }

    @Test
    void replaceParent_guardIsLost_tellsSo() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            LinkedBlockingQueue<Optional<NativeException>> outcomes = new LinkedBlockingQueue<>();
            platform.replaceParent(Path.of("/new"), Runnable::run, outcomes::add);
            guard.close();
            assertEquals(Errno.ECHILD, outcomes.take().orElseThrow().errno());
        }
    }

    @Test
    void guardEnds_waitingSpawnsFail_andRunningOnesAreUnknown() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            Witness waiting = new Witness();
            platform.processes().spawn(Plans.program(KEY, "/bin/true"), waiting, Runnable::run);
            guard.close();
            assertEquals(
                    "guard", waiting.next(Witness.Told.NotSpawned.class).cause().call());
            Witness late = new Witness();
            platform.processes().spawn(Plans.program(KEY, "/bin/true"), late, Runnable::run);
            assertEquals(
                    Errno.ECHILD,
                    late.next(Witness.Told.NotSpawned.class).cause().errno());
        }
    }

    @Test
    void survivor_exitAfterTheTable_isToldWhenAdopted_onTopOfItsOutput() throws Exception {
        int fifo = emptyFifo("out");
        Files.writeString(home.resolve("spill"), "kept");
        GuardMessage.Entry entry = new GuardMessage.Entry(
                KEY,
                new ProcessIdentity(Integer.MAX_VALUE, 7),
                1_700_000_000_000L,
                GuardMessage.EntryState.RUNNING,
                ExitRecord.NONE,
                home.resolve("spill").toString(),
                "");
        try (LinuxPlatform platform = connect(List.of(entry), List.of(new int[] {fifo, emptyFifo("err")}))) {
            Processes.Survivor survivor = platform.processes().survivors().getFirst();
            guard.send(0, new GuardMessage.Exited(KEY, entry.identity(), new ExitRecord(0, 6, false, 1, 2, 3, 4)));
            Witness witness = new Witness();
            platform.processes().adopt(survivor, witness, Runnable::run);
            Processes.Exit exit = witness.next(Witness.Told.Ended.class).exit();
            assertEquals(new ExitStatus.Code(6), exit.status());
            assertEquals(2_000, exit.userTime().toNanos());
            assertEquals(3_000, exit.systemTime().toNanos());
            assertEquals(4, exit.peakMemoryBytes());
            ByteBuffer buffer = ByteBuffer.allocateDirect(10);
            assertEquals(4, survivor.stdout().read(buffer));
            assertEquals(OutputPipe.END, survivor.stdout().read(buffer));
            assertEquals(
                    new GuardMessage.SpillTaken(KEY), present(guard.receive()).message());
        }
    }

    @Test
    void malformedAndUnknownPackets_arePassedOver_withTheirDescriptors() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            long before = LinuxProcessesTest.descriptors();
            guard.sendRaw(HexFormat.of().parseHex("ffff0100000000000000000000000000"), emptyFifo("a"));
            guard.sendRaw(new byte[] {1}, emptyFifo("b"));
            guard.send(0, new GuardMessage.Spawned(KEY, GuardSide.pretended(KEY)), emptyFifo("c"));
            guard.send(0, new GuardMessage.Exited(KEY, GuardSide.pretended(KEY), ExitRecord.unknown(1)));
            guard.send(0, new GuardMessage.Ping());
            assertEquals(new GuardMessage.Pong(), present(guard.receive()).message());
            assertEquals(before, LinuxProcessesTest.descriptors());
            assertEquals(List.of(), platform.processes().survivors());
        }
    }

    /** As when the daemon may open no more files: the kernel then drops descriptors and hands on the rest of the message. */
    @Test
    void processWhosePipesWereLost_isEndedAndForgotten_andItsStartFailed() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            long before = LinuxProcessesTest.descriptors();
            Witness witness = new Witness();
            platform.processes().spawn(Plans.program(KEY, "/bin/true"), witness, Runnable::run);
            GuardSide.Packet spawn = present(guard.receive());
            int[] tooMany = new int[40];
            for (int i = 0; i < tooMany.length; i++) {
                tooMany[i] = emptyFifo("fifo" + i);
            }
            guard.send(spawn.sequence(), new GuardMessage.Spawned(KEY, GuardSide.pretended(KEY)), tooMany);
            NativeException cause = witness.next(Witness.Told.NotSpawned.class).cause();
            assertEquals(Errno.EMFILE, cause.errno());
            assertTrue(platform.isShortage(cause));
            assertEquals(
                    new GuardMessage.SendSignal(KEY, 9, 2),
                    present(guard.receive()).message());
            guard.send(0, new GuardMessage.Exited(KEY, GuardSide.pretended(KEY), ExitRecord.unknown(1)));
            assertEquals(new GuardMessage.Forget(KEY), present(guard.receive()).message());
            assertTrue(witness.heardNothingMore());
            assertEquals(before, LinuxProcessesTest.descriptors());
        }
    }

    @Test
    void tableWithoutItsPipes_isNotTakenOver() throws Exception {
        GuardMessage.Entry entry = new GuardMessage.Entry(
                KEY,
                GuardSide.pretended(KEY),
                1_700_000_000_000L,
                GuardMessage.EntryState.RUNNING,
                ExitRecord.NONE,
                "",
                "");
        NativeException cause = assertThrows(
                NativeException.class, () -> connect(List.of(entry), List.of(new int[] {emptyFifo("out")})));
        assertEquals(Errno.EMFILE, cause.errno());
    }

    @Test
    void silentPlatform_leavesWhatHappensToTheNextDaemon() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            Witness witness = new Witness();
            platform.processes().spawn(Plans.program(KEY, "/bin/true"), witness, Runnable::run);
            GuardSide.Packet spawn = present(guard.receive());
            platform.fallSilent();
            guard.send(spawn.sequence(), new GuardMessage.NotSpawned(KEY, 2, "exec", "/bin/true"));
            platform.announceFinished();
            assertEquals(new GuardMessage.Finished(), present(guard.receive()).message());
            assertTrue(witness.heardNothingMore());
        }
    }

    @Test
    void refusedSpawn_isTold_refusedSignal_isNot() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            Witness witness = new Witness();
            platform.processes().spawn(Plans.program(KEY, "/bin/true"), witness, Runnable::run);
            GuardSide.Packet spawn = present(guard.receive());
            guard.send(spawn.sequence() + 1000, new GuardMessage.Refused(3, "unknown key"));
            guard.send(spawn.sequence(), new GuardMessage.Refused(71, "a malformed SPAWN"));
            NativeException cause = witness.next(Witness.Told.NotSpawned.class).cause();
            assertEquals("plan", cause.call());
            assertTrue(cause.detail().startsWith("a malformed SPAWN"), cause.detail());
        }
    }

    @Test
    void requests_beforeTheFirstSubscriber_areKept() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            guard.send(0, new GuardMessage.Requested(1));
            guard.send(0, new GuardMessage.Ping());
            var _ = guard.receive();
            LinkedBlockingQueue<HostSignals.Request> told = new LinkedBlockingQueue<>();
            platform.hostSignals().subscribe(Runnable::run, told::add);
            guard.send(0, new GuardMessage.Requested(99));
            guard.send(0, new GuardMessage.Requested(0));
            guard.send(0, new GuardMessage.Requested(2));
            assertEquals(HostSignals.Request.REOPEN_LOGS, told.take());
            assertEquals(HostSignals.Request.TERMINATE, told.take());
            assertEquals(HostSignals.Request.REPLACE_DAEMON, told.take());
        }
    }

    @Test
    void announcements_reachTheGuard() throws Exception {
        try (LinuxPlatform platform = connect(List.of(), List.of())) {
            platform.announceReady();
            platform.announceFinished();
            assertEquals(new GuardMessage.Ready(), present(guard.receive()).message());
            assertEquals(new GuardMessage.Finished(), present(guard.receive()).message());
            assertEquals("boot", platform.bootId());
        }
    }

    @Test
    void open_guardOfAnotherProtocol_isRefused_andNothingLeaks() throws Exception {
        long before = LinuxProcessesTest.descriptors() - 1; // the daemon's end goes with the platform
        CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
            try {
                var _ = guard.receive();
                guard.send(1, new GuardMessage.Welcome(2, 1, "boot", 0));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        NativeException e = assertThrows(NativeException.class, () -> LinuxPlatform.open(pair.daemon(), home));
        answered.join();
        assertTrue(e.detail().contains("protocol 2"), e.detail());
        assertEquals(before, LinuxProcessesTest.descriptors());
    }

    @Test
    void open_noSocket_saysWhatFailed() throws Exception {
        NativeException e = assertThrows(NativeException.class, () -> LinuxPlatform.open(1023, home));
        assertEquals(Errno.EBADF, e.errno());
        GuardChannel.closeAll(List.of(pair.daemon()));
    }
}
