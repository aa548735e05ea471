package dev.bunctl.os.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.bunctl.os.api.NativeException;

/**
 * The C library, mapped directly. Addresses and sizes are {@code long}: JNA passes a primitive four times faster than a
 * buffer or a {@code NativeLong}. A result of -1 means that {@link #errno} says why.
 *
 * <p>Numbers are those of {@code asm-generic}, which x86-64, aarch64 and riscv64 share.
 */
final class LibC {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;

    static final int SEEK_END = 2;

    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_SETFD = 2;
    static final int FD_CLOEXEC = 1;
    static final int F_SETPIPE_SZ = 1031;
    static final int F_GETPIPE_SZ = 1032;
    static final int FIONREAD = 0x541B;

    static final int EPOLL_CLOEXEC = O_CLOEXEC;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLIN = 1;
    static final int EPOLLOUT = 4;
    static final int EPOLLONESHOT = 1 << 30;

    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int EFD_CLOEXEC_NONBLOCK = O_CLOEXEC | O_NONBLOCK;

    static final int SPLICE_F_MOVE = 1;
    static final int SPLICE_F_NONBLOCK = 2;

    static final int AF_UNIX = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_PASSCRED = 16;
    static final int SCM_RIGHTS = 1;
    static final int SCM_CREDENTIALS = 2;
    static final int MSG_CTRUNC = 8;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    static final int IN_MODIFY = 2;
    static final int IN_CLOSE_WRITE = 8;
    static final int IN_MOVED_FROM = 0x40;
    static final int IN_MOVED_TO = 0x80;
    static final int IN_CREATE = 0x100;
    static final int IN_DELETE = 0x200;
    static final int IN_DELETE_SELF = 0x400;
    static final int IN_MOVE_SELF = 0x800;
    static final int IN_ONLYDIR = 0x1000000;
    static final int IN_EXCL_UNLINK = 0x4000000;
    static final int IN_ISDIR = 0x40000000;
    static final int IN_IGNORED = 0x8000;
    static final int IN_Q_OVERFLOW = 0x4000;

    static final int SC_CLK_TCK = 2;
    static final int SC_OPEN_MAX = 4;
    static final int SC_PAGESIZE = 30;

    static final long SYS_PIDFD_SEND_SIGNAL = 424;
    static final long SYS_PIDFD_OPEN = 434;
    static final long SYS_CLOSE_RANGE = 436;

    static {
        Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    static native int open(byte[] path, int flags, int mode);

    static native int close(int fd);

    static native int dup(int fd);

    static native long read(int fd, long buffer, long count);

    static native long write(int fd, long buffer, long count);

    static native int ftruncate(int fd, long size);

    static native long pwrite(int fd, long buffer, long count, long offset);

    static native long lseek(int fd, long offset, int whence);

    static native int fdatasync(int fd);

    static native int fcntl(int fd, int command, long argument);

    static native int ioctl(int fd, long request, long argument);

    static native long splice(int from, long fromOffset, int to, long toOffset, long count, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int maxEvents, int timeoutMillis);

    static native int poll(long fds, long count, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native int signalfd(int fd, long mask, int flags);

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int inotify, byte[] path, int mask);

    static native int inotify_rm_watch(int inotify, int watch);

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, byte[] address, int length);

    static native int setsockopt(int fd, int level, int name, long value, int length);

    static native long send(int fd, long buffer, long count, int flags);

    static native long recvmsg(int fd, long header, int flags);

    static native int kill(int pid, int signal);

    static native long sysconf(int name);

    static native int geteuid();

    static native int getpwnam_r(byte[] name, long entry, long buffer, long size, long result);

    static native int getpwuid_r(int user, long entry, long buffer, long size, long result);

    static native int getgrnam_r(byte[] name, long entry, long buffer, long size, long result);

    static native int getgrouplist(byte[] user, int group, long groups, long count);

    static native long syscall(long number, long a, long b, long c, long d);

    /** The errno of this thread's last call. */
    static int errno() {
        return Native.getLastError();
    }

    /** Fails with the errno of this thread's last call when the result is -1. */
    @CanIgnoreReturnValue
    static long check(long result, String call, Object about) throws NativeException {
        if (result == -1) {
            throw Errno.exception(call, errno(), about.toString());
        }
        return result;
    }
}
