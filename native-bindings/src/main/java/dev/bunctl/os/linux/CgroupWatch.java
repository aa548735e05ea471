package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Tells when a file of a group changes, through one inotify descriptor for all of them. On the loop's thread. */
final class CgroupWatch {
    private static final System.Logger LOG = System.getLogger(CgroupWatch.class.getName());

    /** struct inotify_event without a name: watches are on files, so there is none. */
    private static final int EVENT_SIZE = 16;

    private static final int MASK = 4;
    private static final int NAME_LENGTH = 12;
    private static final int BUFFER_SIZE = 256 * EVENT_SIZE;

    private final int inotify;
    private final NativeBuffer buffer = NativeBuffer.ofSize(BUFFER_SIZE);
    private final Map<Integer, Runnable> callbacks = new HashMap<>();

    private CgroupWatch(int inotify) {
        this.inotify = inotify;
    }

    static CgroupWatch open(NativeLoop loop) throws NativeException {
        int flags = LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int inotify = (int) LibC.check(LibC.inotify_init1(flags), "inotify_init1", "fs.inotify.max_user_instances");
        CgroupWatch watch = new CgroupWatch(inotify);
        var _ = loop.add(inotify, LibC.EPOLLIN, _ -> watch.read());
        return watch;
    }

    /** Calls back for each change, on the loop's thread. The state must be looked at once after this returns. */
    int watch(Path file, Runnable changed) throws NativeException {
        synchronized (callbacks) {
            int watch = (int) LibC.check(
                    LibC.inotify_add_watch(inotify, NativeBuffer.cString(file), LibC.IN_MODIFY),
                    "inotify_add_watch",
                    file);
            callbacks.put(watch, changed);
            return watch;
        }
    }

    void unwatch(int watch) {
        synchronized (callbacks) {
            if (callbacks.remove(watch) != null) {
                var _ = LibC.inotify_rm_watch(inotify, watch); // EINVAL: the file is gone, and with it the watch
            }
        }
    }

    private void read() {
        long count = LibC.read(inotify, buffer.address(), BUFFER_SIZE);
        for (int at = 0; at + EVENT_SIZE <= count; ) {
            int mask = buffer.bytes().getInt(at + MASK);
            if ((mask & LibC.IN_Q_OVERFLOW) != 0) {
                callAll();
            } else {
                call(buffer.bytes().getInt(at), (mask & LibC.IN_IGNORED) != 0);
            }
            at += EVENT_SIZE + buffer.bytes().getInt(at + NAME_LENGTH);
        }
    }

    private void call(int watch, boolean gone) {
        Runnable changed;
        synchronized (callbacks) {
            changed = gone ? callbacks.remove(watch) : callbacks.get(watch);
        }
        if (changed != null) {
            changed.run();
        }
    }

    /** Events were lost: everything may have changed. */
    private void callAll() {
        LOG.log(System.Logger.Level.DEBUG, "inotify overflow");
        Map<Integer, Runnable> all;
        synchronized (callbacks) {
            all = Map.copyOf(callbacks);
        }
        all.values().forEach(Runnable::run);
    }

    void close() {
        var _ = LibC.close(inotify);
    }
}
