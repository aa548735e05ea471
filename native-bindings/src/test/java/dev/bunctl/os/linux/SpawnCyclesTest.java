package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ten thousand starts and ends leave behind: nothing. */
final class SpawnCyclesTest {
    private static final int CYCLES = 10_000;
    private static final int IN_FLIGHT = 64;
    private static final int ROUND_TRIPS = 100;

    @TempDir
    Path home;

    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(CYCLES);
    private final Set<String> problems = java.util.concurrent.ConcurrentHashMap.newKeySet();

    /** Starts the next one when one has ended. */
    private final class Cycle implements Processes.ProcessObserver {
        private final LinuxPlatform platform;
        private final ConcurrentLinkedQueue<OutputPipe> pipes = new ConcurrentLinkedQueue<>();

        Cycle(LinuxPlatform platform) {
            this.platform = platform;
        }

        void start() {
            int number = next.incrementAndGet();
            if (number <= CYCLES) {
                ProcessKey key = new ProcessKey("app:" + number % IN_FLIGHT, number);
                platform.processes().spawn(Plans.program(key, "/bin/true"), this, Runnable::run);
            }
        }

        @Override
        public void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            pipes.addAll(List.of(stdout, stderr));
        }

        @Override
        public void notSpawned(ProcessKey key, NativeException cause) {
            problems.add(key + " was not spawned: " + cause.getMessage());
            done.countDown();
            start();
        }

        @Override
        public void exited(Processes.Exit exit) {
            if (!exit.status().equals(new ExitStatus.Code(0)) || pipes.size() != 2) {
                problems.add(exit + " with " + pipes.size() + " pipes");
            }
            for (OutputPipe pipe = pipes.poll(); pipe != null; pipe = pipes.poll()) {
                pipe.close();
            }
            platform.processes().forget(exit.key());
            done.countDown();
            start();
        }
    }

    @Test
    @Timeout(240)
    void tenThousandCycles_leaveNoDescriptorZombieFifoOrThread() throws Exception {
        try (GuardProcess guard = GuardProcess.start(home);
                LinuxPlatform platform = guard.open()) {
            Path guardDescriptors = Path.of("/proc/" + guard.pid() + "/fd");
            long ours = count(Path.of("/proc/self/fd"));
            Set<String> guards = names(guardDescriptors);
            Set<String> files = names(home.resolve("run"));
            Set<String> threads = threads();
            for (int i = 0; i < IN_FLIGHT; i++) {
                new Cycle(platform).start();
            }
            done.await();
            assertEquals(Set.of(), problems);
            for (int i = 0; i < ROUND_TRIPS && !names(guardDescriptors).equals(guards); i++) {
                settle(platform); // the guard answers before it closes
            }
            assertEquals(0, platform.openPipes());
            assertEquals(ours, count(Path.of("/proc/self/fd")));
            assertEquals(guards, names(guardDescriptors));
            assertEquals(files, names(home.resolve("run")));
            Set<String> more = threads();
            more.removeAll(threads); // those of the Java runtime come to their end when they like
            assertEquals(Set.of(), more);
            assertEquals("", Files.readString(Path.of("/proc/" + guard.pid() + "/task/" + guard.pid() + "/children")));
        }
    }

    /** Messages are handled in order: when a last one is answered, all before are done. */
    private static void settle(LinuxPlatform platform) throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        platform.processes()
                .spawn(
                        Plans.program(new ProcessKey("last:0", 1), "/no/such/program"),
                        new Processes.ProcessObserver() {
                            @Override
                            public void spawned(
                                    ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
                                throw new IllegalStateException("there is no such program");
                            }

                            @Override
                            public void notSpawned(ProcessKey key, NativeException cause) {
                                answered.countDown();
                            }

                            @Override
                            public void exited(Processes.Exit exit) {
                                throw new IllegalStateException("there is no such program");
                            }
                        },
                        Runnable::run);
        answered.await();
    }

    private static long count(Path folder) throws Exception {
        return names(folder).size();
    }

    private static Set<String> names(Path folder) throws Exception {
        try (var all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("surefire"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
