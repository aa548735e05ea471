package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.util.Map;
import java.util.Set;

/** What the numbers mean that Linux gives for a failure (errno(3)), and the way from them to an exception. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int E2BIG = 7;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EBADF = 9;
    static final int ENODEV = 19;
    static final int ENOMEM = 12;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int EDQUOT = 122;
    static final int ECONNRESET = 104;
    static final int ETIMEDOUT = 110;

    /** What passes when others give something back. */
    private static final Set<Integer> SHORTAGES = Set.of(EAGAIN, ENOMEM, ENFILE, EMFILE, ENOSPC, EDQUOT);

    /** Name and meaning. */
    private record Meaning(String name, String text) {}

    private static final Map<Integer, Meaning> MEANINGS = Map.ofEntries(
            of(1, "EPERM", "operation not permitted"),
            of(2, "ENOENT", "no such file or directory"),
            of(3, "ESRCH", "no such process"),
            of(4, "EINTR", "interrupted system call"),
            of(5, "EIO", "input/output error"),
            of(6, "ENXIO", "no such device or address"),
            of(7, "E2BIG", "argument list too long"),
            of(8, "ENOEXEC", "not an executable format"),
            of(9, "EBADF", "bad file descriptor"),
            of(10, "ECHILD", "no child processes"),
            of(11, "EAGAIN", "resource temporarily unavailable"),
            of(12, "ENOMEM", "out of memory"),
            of(13, "EACCES", "permission denied"),
            of(14, "EFAULT", "bad address"),
            of(16, "EBUSY", "device or resource busy"),
            of(17, "EEXIST", "already there"),
            of(18, "EXDEV", "on another file system"),
            of(19, "ENODEV", "no such device"),
            of(20, "ENOTDIR", "not a directory"),
            of(21, "EISDIR", "is a directory"),
            of(22, "EINVAL", "invalid argument"),
            of(23, "ENFILE", "too many open files on this host"),
            of(24, "EMFILE", "too many open files in this process"),
            of(26, "ETXTBSY", "the program's file is open for writing"),
            of(27, "EFBIG", "file too large"),
            of(28, "ENOSPC", "no space left on device"),
            of(29, "ESPIPE", "cannot seek"),
            of(30, "EROFS", "read-only file system"),
            of(31, "EMLINK", "too many links"),
            of(32, "EPIPE", "nobody reads any more"),
            of(34, "ERANGE", "out of range"),
            of(36, "ENAMETOOLONG", "file name too long"),
            of(38, "ENOSYS", "not known to this kernel"),
            of(39, "ENOTEMPTY", "directory not empty"),
            of(40, "ELOOP", "too many symbolic links"),
            of(75, "EOVERFLOW", "value too large"),
            of(80, "ELIBBAD", "a shared library is damaged"),
            of(90, "EMSGSIZE", "message too long"),
            of(95, "EOPNOTSUPP", "operation not supported"),
            of(98, "EADDRINUSE", "address in use"),
            of(104, "ECONNRESET", "connection reset by peer"),
            of(105, "ENOBUFS", "no buffer space"),
            of(107, "ENOTCONN", "not connected"),
            of(110, "ETIMEDOUT", "timed out"),
            of(111, "ECONNREFUSED", "connection refused"),
            of(122, "EDQUOT", "disk quota exceeded"));

    private Errno() {}

    private static Map.Entry<Integer, Meaning> of(int errno, String name, String text) {
        return Map.entry(errno, new Meaning(name, text));
    }

    /** Whether there was too little of something, for now. */
    static boolean isShortage(int errno) {
        return SHORTAGES.contains(errno);
    }

    /** The symbol of the manual, or the number where it has none here. */
    static String name(int errno) {
        Meaning meaning = MEANINGS.get(errno);
        return meaning == null ? "errno " + errno : meaning.name();
    }

    /** The meaning in words, for a person. */
    static String text(int errno) {
        Meaning meaning = MEANINGS.get(errno);
        return meaning == null ? "error " + errno : meaning.text();
    }

    /** A failure of the call; the detail says what it was about and what the number means. */
    static NativeException exception(String call, int errno, String about) {
        String meaning = errno == 0 ? "" : text(errno);
        return new NativeException(call, errno, about.isEmpty() ? meaning : about + (errno == 0 ? "" : ": " + meaning));
    }
}
