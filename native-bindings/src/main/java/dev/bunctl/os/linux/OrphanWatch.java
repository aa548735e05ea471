package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.Processes.Scope;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Watches processes whose guard is gone, through pidfds. How they ended is asked of the kernel where it still knows
 * (PIDFD_GET_INFO, Linux 6.15); else it is unknown.
 */
final class OrphanWatch {
    private static final System.Logger LOG = System.getLogger(OrphanWatch.class.getName());

    /** {@code _IOWR(0xFF, 11, struct pidfd_info)} in its first, 64 byte version. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;

    private static final long PIDFD_INFO_EXIT = 1L << 3;
    private static final int INFO_SIZE = 64;
    private static final int EXIT_STATUS = 60;

    private final NativeLoop loop;
    private final InstantSource clock;

    OrphanWatch(NativeLoop loop, InstantSource clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** A descriptor for the process, or {@link TrackedProcess#NO_DESCRIPTOR} when it is gone or its pid is another's. */
    static int open(ProcessIdentity identity) {
        int pidfd = (int) LibC.syscall(LibC.SYS_PIDFD_OPEN, identity.pid(), 0, 0, 0);
        if (pidfd < 0) {
            return TrackedProcess.NO_DESCRIPTOR;
        }
        // INVARIANT: opened first, checked then: the descriptor cannot change owner between the two.
        Optional<ProcStat> stat = ProcStat.of(identity.pid());
        if (stat.isEmpty() || stat.get().startTime() != identity.startTime()) {
            var _ = LibC.close(pidfd);
            return TrackedProcess.NO_DESCRIPTOR;
        }
        return pidfd;
    }

    /** Calls back when the process ends, at once when it has. */
    void watch(TrackedProcess process, ProcessIdentity identity, Consumer<ExitRecord> ended) {
        int pidfd = process.descriptor();
        if (pidfd == TrackedProcess.NO_DESCRIPTOR) {
            ended.accept(ExitRecord.unknown(clock.millis()));
            return;
        }
        try {
            long[] token = new long[1];
            token[0] = loop.add(pidfd, LibC.EPOLLIN | LibC.EPOLLONESHOT, _ -> {
                ExitRecord record = exit(pidfd, identity);
                stopWatching(pidfd, token[0]);
                ended.accept(record);
            });
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.ERROR, "a process without guard cannot be watched", e);
        }
    }

    private void stopWatching(int pidfd, long token) {
        try {
            loop.remove(pidfd, token);
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the loop has ended already", e);
        }
    }

    /** The kernel tells of a zombie in /proc, and of one that was reaped through the pidfd. */
    private ExitRecord exit(int pidfd, ProcessIdentity identity) {
        Optional<ProcStat> stat = ProcStat.of(identity.pid());
        if (stat.isPresent() && stat.get().zombie() && stat.get().startTime() == identity.startTime()) {
            return ExitRecord.ofWaitStatus(stat.get().exitStatus(), clock.millis());
        }
        NativeBuffer info = NativeBuffer.ofSize(INFO_SIZE);
        info.bytes().putLong(0, PIDFD_INFO_EXIT);
        boolean known = LibC.ioctl(pidfd, PIDFD_GET_INFO, info.address()) == 0
                && (info.bytes().getLong(0) & PIDFD_INFO_EXIT) != 0;
        return known
                ? ExitRecord.ofWaitStatus(info.bytes().getInt(EXIT_STATUS), clock.millis())
                : ExitRecord.unknown(clock.millis());
    }

    /**
     * Sends a signal without a guard. A tree without a cgroup is reached as far as its group reaches: nobody is left who
     * knows more.
     */
    void signal(TrackedProcess process, int number, Scope scope) {
        int pidfd = process.descriptor();
        Optional<ProcessIdentity> identity = process.identity();
        if (pidfd == TrackedProcess.NO_DESCRIPTOR || identity.isEmpty()) {
            return;
        }
        long result = switch (scope) {
            case PROCESS -> LibC.syscall(LibC.SYS_PIDFD_SEND_SIGNAL, pidfd, number, 0, 0);
            case GROUP, TREE -> LibC.kill((int) -identity.get().pid(), number);
        };
        if (result < 0) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "signal {0} to {1}: {2}",
                    number,
                    process.key(),
                    Errno.text(LibC.errno()));
        }
    }
}
