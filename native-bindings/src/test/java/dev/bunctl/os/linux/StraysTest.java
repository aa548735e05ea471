package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Scope;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs that run away leave behind when they are stopped: nothing, with cgroups and with keepers. */
@Timeout(240)
final class StraysTest {
    private static final int STARTS = 1000;
    private static final int AT_ONCE = 50;

    @TempDir
    Path home;

    /** A time that no other program sleeps: it finds ours again under any parent, session and environment. */
    private final String sleep = "%d.%09d".formatted(100, System.nanoTime() % 1_000_000_000);

    /** One child stays, one leaves the session, one has no parent any more and one knows no variable. */
    private final String script =
            "sleep %1$s & setsid sleep %1$s & (sleep %1$s &) ; (env -i /bin/sleep %1$s &)".formatted(sleep);

    private List<String> strays() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(this::commandLine)
                    .filter(line -> line.contains(sleep))
                    .toList();
        }
    }

    private String commandLine(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return ""; // no process, or one that has ended since
        }
    }

    private void startAndStop(LinuxPlatform platform, String what) throws Exception {
        for (int first = 1; first <= STARTS; first += AT_ONCE) {
            Map<ProcessKey, Witness> started = new LinkedHashMap<>();
            for (int i = first; i < first + AT_ONCE; i++) {
                ProcessKey key = new ProcessKey("stray:" + i % AT_ONCE, i);
                Witness witness = new Witness();
                platform.processes().spawn(Plans.contained(Plans.shell(key, script + what)), witness, Runnable::run);
                started.put(key, witness);
            }
            for (Map.Entry<ProcessKey, Witness> each : started.entrySet()) {
                stop(platform, each.getKey(), each.getValue());
            }
        }
        assertEquals(List.of(), strays());
    }

    private static void stop(LinuxPlatform platform, ProcessKey key, Witness witness) throws Exception {
        Witness.Told.Spawned spawned = witness.next(Witness.Told.Spawned.class);
        platform.processes().signal(key, Signal.KILL, Scope.TREE);
        var _ = witness.next(Witness.Told.Ended.class);
        platform.processes().forget(key);
        for (OutputPipe pipe : List.of(spawned.stdout(), spawned.stderr())) {
            var _ = pipe.read(ByteBuffer.allocateDirect(100));
            pipe.close();
        }
    }

    @Test
    void keepers_stopOfAThousand_leavesNoStray() throws Exception {
        try (GuardProcess guard = GuardProcess.start(home);
                LinuxPlatform platform = guard.openWithoutCgroups()) {
            startAndStop(platform, "; wait");
        }
    }

    @Test
    void keepers_crashOfAThousand_leavesNoStray() throws Exception {
        try (GuardProcess guard = GuardProcess.start(home);
                LinuxPlatform platform = guard.openWithoutCgroups()) {
            startAndStop(platform, "; kill -SEGV $$");
        }
    }

    @Test
    void cgroups_stopOfAThousand_leavesNoStrayAndNoGroup() throws Exception {
        try (GuardProcess guard = GuardProcess.start(home)) {
            CgroupBase.Result result = CgroupBase.find(home, guard.pid());
            assumeTrue(result instanceof CgroupBase.Result.Found, () -> "no group can be made here: " + result);
            try (LinuxPlatform platform = guard.open()) {
                startAndStop(platform, "; wait");
            }
            assertEquals(false, Files.exists(((CgroupBase.Result.Found) result).base()));
        }
    }
}
