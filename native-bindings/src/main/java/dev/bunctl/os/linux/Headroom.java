package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Descriptors that the start of a program leaves for everything else: clients, files of logs, what is saved. A daemon that used
 * up its last for programs could not say what is wrong.
 */
final class Headroom {
    /** Most that is kept free. */
    static final long MOST = 64;

    /** Of a low limit only a part is kept free. */
    private static final long PART = 8;

    private static final Path OPEN = Path.of("/proc/self/fd");

    private Headroom() {}

    /**
     * Checks that there is room for another program.
     *
     * @param open any open descriptor
     * @throws NativeException when there is none
     */
    static void check(int open) throws NativeException {
        long limit = LibC.sysconf(LibC.SC_OPEN_MAX);
        if (limit > 0 && !isFree(open, limit - reserve(limit)) && !suffices(used(limit), limit)) {
            throw Errno.exception("descriptors", Errno.EMFILE, "of " + limit + " the daemon needs the rest for itself");
        }
    }

    /** The kernel gives out the lowest that is free (open(2)), so where one of the last is free those behind it are, too. */
    private static boolean isFree(int open, long descriptor) {
        int copy = LibC.fcntl(open, LibC.F_DUPFD_CLOEXEC, descriptor);
        if (copy >= 0) {
            var _ = LibC.close(copy); // nothing was done with it
        }
        return copy == descriptor;
    }

    /** How many are open; all of them where that cannot even be looked at. */
    private static long used(long limit) {
        try (Stream<Path> all = Files.list(OPEN)) {
            return all.count();
        } catch (IOException none) {
            return limit;
        }
    }

    private static long reserve(long limit) {
        return Math.min(MOST, limit / PART);
    }

    /** Whether a process that has so many open may open enough others. */
    static boolean suffices(long used, long limit) {
        return used + reserve(limit) < limit;
    }
}
