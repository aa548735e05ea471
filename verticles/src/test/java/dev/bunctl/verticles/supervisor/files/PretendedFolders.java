package dev.bunctl.verticles.supervisor.files;

import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.NativeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Takes folders to be watched, and makes up what happens in them. */
final class PretendedFolders implements FolderWatch {
    private static final int NO_SPACE = 28;

    final Map<Integer, Path> watched = new TreeMap<>();
    int most = Integer.MAX_VALUE;
    boolean closed;
    private int last;

    @Override
    public synchronized int add(Path folder) throws NativeException {
        if (!Files.isDirectory(folder)) {
            throw new NativeException("inotify_add_watch", 2, folder + ": no such file or directory");
        }
        for (Map.Entry<Integer, Path> known : watched.entrySet()) {
            if (known.getValue().equals(folder)) {
                return known.getKey();
            }
        }
        if (watched.size() >= most) {
            throw new NativeException("inotify_add_watch", NO_SPACE, "no watch is left for " + folder);
        }
        watched.put(++last, folder);
        return last;
    }

    @Override
    public synchronized void remove(int folder) {
        watched.remove(folder);
    }

    @Override
    public synchronized void close() {
        closed = true;
        watched.clear();
    }

    private synchronized int numberOf(Path folder) {
        return watched.entrySet().stream()
                .filter(entry -> entry.getValue().equals(folder))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError(folder + " is not watched"));
    }

    Change change(Kind kind, Path path, boolean isFolder) {
        int folder = numberOf(Objects.requireNonNull(path.getParent()));
        return new Change(folder, kind, String.valueOf(path.getFileName()), isFolder);
    }

    Change gone(Path folder) {
        return new Change(numberOf(folder), Kind.FOLDER_GONE, "", false);
    }
}
