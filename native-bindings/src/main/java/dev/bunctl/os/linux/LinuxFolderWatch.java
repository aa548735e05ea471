package dev.bunctl.os.linux;

import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.NativeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** The folders of one listener. Changes are gathered until the listener takes them, so a slow one costs no more memory. */
final class LinuxFolderWatch implements FolderWatch {
    private final Inotify inotify;
    private final Executor executor;
    private final Listener listener;
    private final Set<Integer> folders = new HashSet<>();
    private List<Change> waiting = new ArrayList<>();
    private boolean closed;

    LinuxFolderWatch(Inotify inotify, Executor executor, Listener listener) {
        this.inotify = inotify;
        this.executor = executor;
        this.listener = listener;
    }

    @Override
    public int add(Path folder) throws NativeException {
        int number = inotify.add(folder, this);
        synchronized (folders) {
            folders.add(number);
        }
        return number;
    }

    @Override
    public void remove(int folder) {
        boolean known;
        synchronized (folders) {
            known = folders.remove(folder);
        }
        if (known) {
            inotify.remove(folder, this);
        }
    }

    /** On the loop's thread. */
    synchronized void tell(Change change) {
        if (closed) {
            return;
        }
        boolean isFirst = waiting.isEmpty();
        if (waiting.size() >= MAX_WAITING) {
            waiting.clear();
            waiting.add(new Change(0, Kind.LOST, "", false));
        } else {
            waiting.add(change);
        }
        if (isFirst) {
            executor.execute(this::hand);
        }
    }

    private void hand() {
        List<Change> taken;
        synchronized (this) {
            taken = waiting;
            waiting = new ArrayList<>();
            if (closed) {
                return;
            }
        }
        listener.changed(taken);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        Set<Integer> all;
        synchronized (folders) {
            all = Set.copyOf(folders);
        }
        all.forEach(this::remove);
    }
}
