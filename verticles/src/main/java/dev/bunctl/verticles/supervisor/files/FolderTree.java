package dev.bunctl.verticles.supervisor.files;

import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.FolderWatch.Change;
import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The watched folders of one app. Folders are watched and not files, so a tree costs one watch a folder; links in it are not
 * followed. Every method blocks on the disk; never two at once.
 */
final class FolderTree {
    /** Most folders of one app. */
    static final int MAX_FOLDERS = 100_000;

    private static final System.Logger LOG = System.getLogger(FolderTree.class.getName());

    private final WatchRules rules;
    private final FolderWatch watch;
    private final int maxFolders;
    private final Map<Integer, Path> folders = new HashMap<>();
    private final Map<Path, Integer> numbers = new HashMap<>();

    FolderTree(WatchRules rules, FolderWatch watch, int maxFolders) {
        this.rules = rules;
        this.watch = watch;
        this.maxFolders = maxFolders;
    }

    /**
     * Begins to watch.
     *
     * @throws NativeException when the host's limit, or ours, is passed; nothing is to be expected of the tree then
     */
    void begin() throws NativeException {
        for (Path base : rules.bases()) {
            Optional<Path> _ = reach(base);
        }
    }

    int folders() {
        return folders.size();
    }

    /** Watches something and all below it; where it is not there, the folder in which it would come to be. */
    private Optional<Path> reach(Path base) throws NativeException {
        Path start = base;
        Path above = start.getParent();
        while (above != null && !Files.isDirectory(start)) {
            start = above;
            above = start.getParent();
        }
        return scan(start);
    }

    /** Takes changes in, and says which paths changed that matter. */
    List<Path> take(List<Change> changes) throws NativeException {
        List<Path> found = new ArrayList<>();
        for (Change change : changes) {
            take(change).ifPresent(found::add);
        }
        return found;
    }

    private Optional<Path> take(Change change) throws NativeException {
        if (change.kind() == FolderWatch.Kind.LOST) {
            begin();
            return rules.bases().stream().findFirst();
        }
        Path folder = folders.get(change.folder());
        if (folder == null) {
            return Optional.empty();
        }
        Path path = folder.resolve(change.name());
        return switch (change.kind()) {
            case WRITTEN -> ifMatters(path);
            case CREATED -> change.isFolder() ? come(path) : ifMatters(path).filter(Files::isSymbolicLink);
            case MOVED_HERE -> change.isFolder() ? come(path) : ifMatters(path);
            case REMOVED -> change.isFolder() ? left(path) : ifMatters(path);
            case FOLDER_GONE -> gone(folder);
            case LOST -> Optional.empty();
        };
    }

    private Optional<Path> ifMatters(Path path) {
        return Optional.of(path).filter(rules::matters);
    }

    /** A folder is there now; what is in it may have been there before it was watched. */
    private Optional<Path> come(Path folder) throws NativeException {
        return rules.descends(folder) ? scan(folder) : Optional.empty();
    }

    private Optional<Path> left(Path folder) {
        boolean known = numbers.containsKey(folder);
        forget(folder);
        return known && rules.isInside(folder) ? Optional.of(folder) : Optional.empty();
    }

    /** The folder above says the same of all but those at which watching began. */
    private Optional<Path> gone(Path folder) throws NativeException {
        forget(folder);
        for (Path base : rules.bases()) {
            if (base.startsWith(folder)) {
                Optional<Path> _ = reach(base);
            }
        }
        return rules.isInside(folder) ? Optional.of(folder) : Optional.empty();
    }

    private void forget(Path folder) {
        List<Path> below = numbers.keySet().stream()
                .filter(path -> path.startsWith(folder))
                .toList();
        for (Path path : below) {
            Integer number = numbers.remove(path);
            if (number != null && folders.remove(number, path)) {
                watch.remove(number);
            }
        }
    }

    /**
     * Watches a folder and all below it that may matter.
     *
     * @return a file in it that matters
     */
    private Optional<Path> scan(Path top) throws NativeException {
        Optional<Path> found = Optional.empty();
        Deque<Path> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            Path folder = open.pop();
            if (!add(folder)) {
                continue;
            }
            for (Path entry : entries(folder)) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        || rules.bases().contains(entry)) {
                    if (rules.descends(entry) && Files.isDirectory(entry)) {
                        open.push(entry);
                    }
                }
                if (found.isEmpty() && rules.matters(entry) && Files.isRegularFile(entry)) {
                    found = Optional.of(entry);
                }
            }
        }
        return found;
    }

    /** INVARIANT: a folder is watched before it is listed, so that nothing comes unseen. */
    private boolean add(Path folder) throws NativeException {
        if (folders.size() >= maxFolders && !numbers.containsKey(folder)) {
            throw new NativeException(
                    "watch", 0, "more than " + maxFolders + " folders; ignore_watch can leave some out");
        }
        try {
            int number = watch.add(folder);
            Path former = folders.put(number, folder);
            if (former != null && !former.equals(folder)) {
                numbers.remove(former, number);
            }
            numbers.put(folder, number);
            return true;
        } catch (NativeException e) {
            if (Files.isDirectory(folder) && Files.isReadable(folder)) {
                throw e;
            }
            // It has gone meanwhile, or it is closed to us, and then its files are as well.
            LOG.log(System.Logger.Level.DEBUG, folder + " is not watched", e);
            return false;
        }
    }

    /** On the way to what is watched, only the way is of interest. */
    private List<Path> entries(Path folder) {
        if (!rules.isInside(folder)) {
            return rules.bases().stream()
                    .filter(base -> base.startsWith(folder) && !base.equals(folder))
                    .map(base -> folder.resolve(base.getName(folder.getNameCount())))
                    .distinct()
                    .filter(Files::exists)
                    .toList();
        }
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException gone) {
            LOG.log(System.Logger.Level.DEBUG, folder + " cannot be listed", gone);
        }
        return entries;
    }

    void end() {
        watch.close();
        folders.clear();
        numbers.clear();
    }
}
