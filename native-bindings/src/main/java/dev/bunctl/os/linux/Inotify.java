package dev.bunctl.os.linux;

import dev.bunctl.os.api.FolderWatch.Change;
import dev.bunctl.os.api.FolderWatch.Kind;
import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one inotify(7) descriptor for the folders of all apps: a user may have few of them (128), and each folder that two apps
 * watch costs one watch.
 */
final class Inotify implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Inotify.class.getName());

    /** What is told of a folder. Files that are being written say so when they are closed, and not before. */
    private static final int MASK = LibC.IN_CLOSE_WRITE
            | LibC.IN_MOVED_FROM
            | LibC.IN_MOVED_TO
            | LibC.IN_CREATE
            | LibC.IN_DELETE
            | LibC.IN_DELETE_SELF
            | LibC.IN_MOVE_SELF
            | LibC.IN_ONLYDIR
            | LibC.IN_EXCL_UNLINK;

    /** Where in struct inotify_event the fields lie. */
    private static final int MASK_AT = 4;

    private static final int LENGTH_AT = 12;
    private static final int EVENT_SIZE = 16;

    private static final int BUFFER_SIZE = 64 * 1024;
    private static final Path MAX_WATCHES = Path.of("/proc/sys/fs/inotify/max_user_watches");

    private final NativeLoop loop;
    private final int fd;
    private final NativeBuffer buffer = NativeBuffer.ofSize(BUFFER_SIZE);
    private final Map<Integer, List<LinuxFolderWatch>> watchers = new HashMap<>();
    private long token;
    private boolean closed;

    private Inotify(NativeLoop loop, int fd) {
        this.loop = loop;
        this.fd = fd;
    }

    static Inotify open(NativeLoop loop) throws NativeException {
        int flags = LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int fd = (int)
                LibC.check(LibC.inotify_init1(flags), "inotify_init1", "the limit is fs.inotify.max_user_instances");
        Inotify inotify = new Inotify(loop, fd);
        try {
            inotify.token = loop.add(fd, LibC.EPOLLIN, _ -> inotify.read());
            return inotify;
        } catch (NativeException e) {
            var _ = LibC.close(fd);
            throw e;
        }
    }

    synchronized int add(Path folder, LinuxFolderWatch watcher) throws NativeException {
        if (closed) {
            throw new NativeException("inotify_add_watch", Errno.EBADF, "the platform is closed");
        }
        int number = LibC.inotify_add_watch(fd, NativeBuffer.cString(folder), MASK);
        if (number < 0) {
            throw failure(LibC.errno(), folder);
        }
        List<LinuxFolderWatch> all = watchers.computeIfAbsent(number, _ -> new ArrayList<>(1));
        if (!all.contains(watcher)) {
            all.add(watcher);
        }
        return number;
    }

    private static NativeException failure(int errno, Path folder) {
        if (errno != Errno.ENOSPC) {
            return Errno.exception("inotify_add_watch", errno, folder.toString());
        }
        return new NativeException(
                "inotify_add_watch",
                errno,
                "no watch is left for " + folder + ": all programs of this user may have " + most()
                        + " together (fs.inotify.max_user_watches, which root can raise by sysctl)");
    }

    private static String most() {
        try {
            return Files.readString(MAX_WATCHES).strip();
        } catch (IOException unreadable) {
            return "only so many";
        }
    }

    synchronized void remove(int number, LinuxFolderWatch watcher) {
        List<LinuxFolderWatch> all = watchers.get(number);
        if (all == null || !all.remove(watcher)) {
            return;
        }
        if (all.isEmpty()) {
            watchers.remove(number);
            var _ = closed ? 0 : LibC.inotify_rm_watch(fd, number); // EINVAL: the folder is gone, and with it the watch
        }
    }

    /** INVARIANT: never after the close, when the descriptor may be another's. */
    private synchronized void read() {
        long count = closed ? 0 : LibC.read(fd, buffer.address(), BUFFER_SIZE);
        for (int at = 0; at + EVENT_SIZE <= count; ) {
            int length = buffer.bytes().getInt(at + LENGTH_AT);
            take(buffer.bytes().getInt(at), buffer.bytes().getInt(at + MASK_AT), name(at + EVENT_SIZE, length));
            at += EVENT_SIZE + length;
        }
    }

    private String name(int at, int length) {
        int end = at;
        while (end < at + length && buffer.bytes().get(end) != 0) {
            end++;
        }
        return StandardCharsets.UTF_8.decode(buffer.bytes().slice(at, end - at)).toString();
    }

    private void take(int number, int mask, String name) {
        if ((mask & LibC.IN_Q_OVERFLOW) != 0) {
            LOG.log(System.Logger.Level.DEBUG, "inotify overflow");
            watchers.values().stream()
                    .flatMap(List::stream)
                    .distinct()
                    .forEach(watcher -> watcher.tell(new Change(0, Kind.LOST, "", false)));
            return;
        }
        List<LinuxFolderWatch> all = (mask & LibC.IN_IGNORED) == 0 ? watchers.get(number) : watchers.remove(number);
        if (all != null) {
            Change change = new Change(number, kind(mask), name, (mask & LibC.IN_ISDIR) != 0);
            all.forEach(watcher -> watcher.tell(change));
        }
    }

    private static Kind kind(int mask) {
        if ((mask & LibC.IN_CLOSE_WRITE) != 0) {
            return Kind.WRITTEN;
        }
        if ((mask & LibC.IN_CREATE) != 0) {
            return Kind.CREATED;
        }
        if ((mask & LibC.IN_MOVED_TO) != 0) {
            return Kind.MOVED_HERE;
        }
        return (mask & (LibC.IN_DELETE | LibC.IN_MOVED_FROM)) != 0 ? Kind.REMOVED : Kind.FOLDER_GONE;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        watchers.clear();
        try {
            loop.remove(fd, token);
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the loop has ended already", e);
        }
        var _ = LibC.close(fd);
    }
}
