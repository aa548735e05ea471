package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.ProcessSampler.Usage;
import dev.bunctl.os.api.Witness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LinuxSamplerTest {
    @TempDir
    Path home;

    private final LinuxSampler sampler = new LinuxSampler();

    private static ProcStat self() {
        return ProcStat.of(ProcessHandle.current().pid()).orElseThrow();
    }

    @Test
    void sample_nobodyAsksForAnything_readsNothing() {
        assertEquals(Map.of(), sampler.sample(List.of()));
    }

    @Test
    void sample_self_hasTimeAndMemory() {
        ProcessIdentity self = new ProcessIdentity(self().pid(), self().startTime());
        Usage usage = sampler.sample(List.of(self)).get(self);
        assertTrue(usage != null && usage.cpuNanos() > 0, String.valueOf(usage));
        assertTrue(usage.memoryBytes() > 10 << 20, usage.toString());
        assertTrue(usage.processes() >= 1, usage.toString());
    }

    @Test
    void sample_pidOfAnotherStart_isLeftOut() {
        ProcessIdentity reused = new ProcessIdentity(self().pid(), self().startTime() + 1);
        ProcessIdentity gone = new ProcessIdentity(Integer.MAX_VALUE, 1);
        assertEquals(Map.of(), sampler.sample(List.of(reused, gone)));
    }

    @Test
    void sample_tree_countsChildrenAndThoseWhoseParentEnded() throws Exception {
        try (GuardProcess guard = GuardProcess.start(home);
                LinuxPlatform platform = guard.open()) {
            Witness witness = new Witness();
            ProcessKey key = new ProcessKey("app:0", 1);
            platform.processes()
                    .spawn(Plans.shell(key, "sleep 1000 & (sleep 1000 &); echo up; wait"), witness, Runnable::run);
            Witness.Told.Spawned spawned = witness.next(Witness.Told.Spawned.class);
            awaitOutput(spawned.stdout());
            ProcessIdentity identity = spawned.identity();
            Usage usage = platform.sampler().sample(List.of(identity)).get(identity);
            assertTrue(usage != null && usage.processes() == 3, String.valueOf(usage));
        }
    }

    private static void awaitOutput(OutputPipe pipe) throws Exception {
        CountDownLatch readable = new CountDownLatch(1);
        pipe.onReadable(Runnable::run, readable::countDown);
        readable.await();
        assertEquals(3, pipe.read(ByteBuffer.allocateDirect(10)));
    }

    private static Optional<ProcStat> parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return ProcStat.parse(bytes, bytes.length);
    }

    private static final String REST = "7 42 42 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 777 1000 55"
            + " 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 9";

    @Test
    void parse_nameWithParenthesesSpacesAndNewline_isPassedOver() {
        ProcStat stat = parse("42 (a) R (b\n) Z " + REST + "\n").orElseThrow();
        assertEquals(new ProcStat(42, 7, 42, 100, 777, 55, true, 9), stat);
    }

    @Test
    void parse_lineCutShort_isNone() {
        for (String cut : List.of("", "42", "42 (", "42 (a", "42 (a)", "42 (a) S", "42 (a) S 1 2 3")) {
            assertEquals(Optional.empty(), parse(cut), cut);
        }
    }
}
