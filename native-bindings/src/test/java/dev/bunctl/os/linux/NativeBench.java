package dev.bunctl.os.linux;

import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Witness;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Measures spawn round trips and pipe-to-file throughput on this host. Not a test: run it by hand with the test class
 * path, {@code java --enable-native-access=ALL-UNNAMED -Dbunctl.guard=… dev.bunctl.os.linux.NativeBench}.
 */
public final class NativeBench {
    private static final int SPAWNS = 2_000;
    private static final int WARM_UP = 500;
    private static final long BYTES = 512L << 20;

    private NativeBench() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Files.createTempDirectory("bunctl-bench");
        try (GuardProcess guard = GuardProcess.start(home);
                LinuxPlatform platform = guard.open()) {
            spawnRoundTrips(platform);
            throughput(platform, home, true);
            throughput(platform, home, false);
        }
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void spawnRoundTrips(LinuxPlatform platform) throws Exception {
        long[] toSpawned = new long[SPAWNS];
        long[] toExited = new long[SPAWNS];
        for (int i = 1; i <= WARM_UP + SPAWNS; i++) {
            ProcessKey key = new ProcessKey("bench:0", i);
            Witness witness = new Witness();
            long start = System.nanoTime();
            platform.processes().spawn(Plans.program(key, "/bin/true"), witness, Runnable::run);
            Witness.Told.Spawned spawned = witness.next(Witness.Told.Spawned.class);
            long running = System.nanoTime();
            var _ = witness.next(Witness.Told.Ended.class);
            long ended = System.nanoTime();
            spawned.stdout().close();
            spawned.stderr().close();
            platform.processes().forget(key);
            if (i > WARM_UP) {
                toSpawned[i - WARM_UP - 1] = running - start;
                toExited[i - WARM_UP - 1] = ended - start;
            }
        }
        print("spawn to spawned", toSpawned);
        print("spawn to exited ", toExited);
    }

    private static void print(String name, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "%s  median %.3f ms  p99 %.3f ms%n",
                name, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
    }

    private static void throughput(LinuxPlatform platform, Path home, boolean splice) throws Exception {
        ProcessKey key = new ProcessKey("stream:0", splice ? 1 : 2);
        Witness witness = new Witness();
        platform.processes().spawn(Plans.shell(key, "exec head -c " + BYTES + " /dev/zero"), witness, Runnable::run);
        OutputPipe pipe = witness.next(Witness.Told.Spawned.class).stdout();
        int size = pipe.grow(1 << 20);
        long start = System.nanoTime();
        long moved = move(pipe, home.resolve("log-" + splice), splice);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s  %.0f MB/s (%d bytes, pipe of %d)%n",
                splice ? "splice to file" : "read and write", moved / 1e6 / seconds, moved, size);
        platform.processes().signal(key, dev.bunctl.os.api.Signal.KILL, Processes.Scope.TREE);
    }

    private static long move(OutputPipe pipe, Path path, boolean splice) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
        byte[] bytes = new byte[65_536];
        long offset = 0;
        try (LinuxLogFile file = LinuxLogFile.open(path)) {
            while (true) {
                int count = splice ? pipe.transferTo(file, offset, 1 << 20) : pipe.read(buffer.clear());
                if (count == OutputPipe.END) {
                    return offset;
                }
                if (count == OutputPipe.EMPTY) {
                    await(pipe);
                    continue;
                }
                if (!splice) {
                    buffer.flip().get(bytes, 0, count);
                    file.write(bytes, 0, count, offset);
                }
                offset += count;
            }
        }
    }

    private static void await(OutputPipe pipe) throws InterruptedException {
        CountDownLatch readable = new CountDownLatch(1);
        pipe.onReadable(Runnable::run, readable::countDown);
        readable.await();
    }
}
