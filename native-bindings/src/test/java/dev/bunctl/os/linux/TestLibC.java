package dev.bunctl.os.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.bunctl.os.api.NativeException;
import java.nio.file.Path;

/** System calls that only tests make. */
final class TestLibC {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET_CLOEXEC = 5 | LibC.O_CLOEXEC;

    static {
        Native.register(TestLibC.class, NativeLibrary.getProcess());
    }

    private TestLibC() {}

    static native int mkfifo(byte[] path, int mode);

    static native int socketpair(int domain, int type, int protocol, long pair);

    static native int connect(int fd, byte[] address, int length);

    static native long sendmsg(int fd, long header, int flags);

    static native int posix_spawn_file_actions_init(long actions);

    static native int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    static native int posix_spawn_file_actions_destroy(long actions);

    static native int posix_spawn(long pid, byte[] path, long actions, long attributes, long argv, long environment);

    static native int waitpid(int pid, long status, int options);

    /** A pair of connected packet sockets, closed on exec. */
    record Pair(int daemon, int guard) {
        static Pair open() throws NativeException {
            NativeBuffer pair = NativeBuffer.ofSize(2 * Integer.BYTES);
            LibC.check(socketpair(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair.address()), "socketpair", "");
            return new Pair(pair.bytes().getInt(0), pair.bytes().getInt(Integer.BYTES));
        }
    }

    /** Makes a FIFO and opens its reading end as the guard does. */
    static int fifo(Path path) throws NativeException {
        LibC.check(mkfifo(NativeBuffer.cString(path), 0600), "mkfifo", path);
        int flags = LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
        return (int) LibC.check(LibC.open(NativeBuffer.cString(path), flags, 0), "open", path);
    }
}
