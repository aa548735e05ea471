package dev.bunctl.verticles.configuration;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows files through the folders they lie in: inotify(7) on Linux. A file that is saved by renaming another over it is a
 * new file, which a watch of the old one never hears of. Takes a descriptor and a thread only while there is a file to follow.
 */
final class FolderEvents implements SavedFiles {
    private final Consumer<Path> saved;
    private final Map<Path, WatchKey> folders = new HashMap<>();
    private Set<Path> files = Set.of();
    private @Nullable WatchService service;

    /** @param saved told the path of a file that was saved, perhaps several times, on any thread */
    FolderEvents(Consumer<Path> saved) {
        this.saved = saved;
    }

    @Override
    public synchronized void follow(Set<Path> wanted) throws IOException {
        files = Set.copyOf(wanted);
        Set<Path> needed = new HashSet<>();
        wanted.forEach(file -> needed.add(folder(file)));
        for (Map.Entry<Path, WatchKey> watched : Map.copyOf(folders).entrySet()) {
            boolean kept =
                    needed.contains(watched.getKey()) && watched.getValue().isValid();
            if (kept) {
                needed.remove(watched.getKey());
            } else {
                watched.getValue().cancel();
                folders.remove(watched.getKey());
            }
        }
        for (Path folder : needed) {
            folders.put(
                    folder,
                    folder.register(
                            service(),
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
        }
        if (files.isEmpty()) {
            close();
        }
    }

    static Path folder(Path file) {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("a file expected: " + file);
        }
        return folder;
    }

    private WatchService service() throws IOException {
        WatchService open = service;
        if (open == null) {
            WatchService made = FileSystems.getDefault().newWatchService();
            service = made;
            Thread _ = Thread.ofVirtual().name("bunctl-saves").start(() -> listen(made));
            open = made;
        }
        return open;
    }

    private void listen(WatchService open) {
        try {
            for (WatchKey key = open.take(); ; key = open.take()) {
                Path folder = (Path) key.watchable();
                for (WatchEvent<?> event : key.pollEvents()) {
                    heard(folder, event);
                }
                var _ = key.reset(); // a folder that is gone is found out when its file is read
            }
        } catch (ClosedWatchServiceException closed) {
            // Nothing is followed any more.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(Path folder, WatchEvent<?> event) {
        for (Path file : followed()) {
            boolean meant = event.context() instanceof Path name
                    ? folder.resolve(name).equals(file)
                    : folder.equals(folder(file));
            if (meant) {
                saved.accept(file);
            }
        }
    }

    private synchronized Set<Path> followed() {
        return files;
    }

    @Override
    public synchronized void close() throws IOException {
        WatchService open = service;
        service = null;
        folders.clear();
        if (open != null) {
            open.close();
        }
    }
}
