package dev.bunctl.os.linux;

import dev.bunctl.os.api.OutputPipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Every output pipe this daemon holds, so that a close of the platform gives all of them back. */
final class LinuxPipes {
    private static final Path SOFT_LIMIT = Path.of("/proc/sys/fs/pipe-user-pages-soft");

    /** Where the kernel does not say, its own default is assumed. */
    private static final long DEFAULT_SOFT_PAGES = 16_384;

    private final NativeLoop loop;
    private final PipeBudget budget;
    private final Consumer<GuardMessage.SpillTaken> spillTaken;
    private final Set<FifoPipe> open = ConcurrentHashMap.newKeySet();

    /** The last argument is told when the spill of both streams of a process was taken in. */
    LinuxPipes(NativeLoop loop, Consumer<GuardMessage.SpillTaken> spillTaken) {
        this.loop = loop;
        this.spillTaken = spillTaken;
        budget = new PipeBudget(softLimitBytes());
    }

    /** What pipes of one user may hold; read in one call, as the kernel gives such files only whole. */
    static long softLimitBytes() {
        long pages = KernelFile.tryRead(SOFT_LIMIT).flatMap(KernelFile::number).orElse(DEFAULT_SOFT_PAGES);
        return pages * LibC.sysconf(LibC.SC_PAGESIZE);
    }

    FifoPipe open(int descriptor) {
        return open(descriptor, false);
    }

    private FifoPipe open(int descriptor, boolean unheld) {
        FifoPipe[] self = new FifoPipe[1];
        FifoPipe pipe = new FifoPipe(descriptor, unheld, loop, budget, () -> open.remove(self[0]));
        self[0] = pipe;
        open.add(pipe);
        return pipe;
    }

    /** The streams of a process of a former daemon: what the guard spilled meanwhile comes before what the pipe holds. */
    List<OutputPipe> restored(GuardMessage.Entry entry, List<Integer> descriptors) {
        List<String> spills = List.of(entry.stdoutSpill(), entry.stderrSpill());
        AtomicInteger untaken = new AtomicInteger(
                (int) spills.stream().filter(path -> !path.isEmpty()).count());
        Runnable taken = () -> {
            if (untaken.decrementAndGet() == 0) {
                spillTaken.accept(new GuardMessage.SpillTaken(entry.key()));
            }
        };
        boolean unheld = entry.state() == GuardMessage.EntryState.EXITED_UNHELD;
        return List.of(
                restored(spills.get(0), open(descriptors.get(0), unheld), taken),
                restored(spills.get(1), open(descriptors.get(1), unheld), taken));
    }

    private static OutputPipe restored(String spill, FifoPipe pipe, Runnable taken) {
        return spill.isEmpty() ? pipe : new SpilledPipe(Path.of(spill), pipe, taken);
    }

    long budgetUsed() {
        return budget.used();
    }

    int openPipes() {
        return open.size();
    }

    void closeAll() {
        open.forEach(FifoPipe::close);
    }
}
