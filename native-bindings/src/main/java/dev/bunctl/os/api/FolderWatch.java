package dev.bunctl.os.api;

import java.nio.file.Path;
import java.util.List;

/**
 * Tells what happens to the entries of some folders, not of folders below them. Nothing is polled. Methods may be called
 * from any thread; closing it twice does nothing.
 */
public interface FolderWatch extends AutoCloseable {
    /** Most changes that wait to be told; when more come, one {@link Kind#LOST} is told in their place. */
    int MAX_WAITING = 4096;

    /**
     * Begins to watch a folder; what happens after the return is told. A folder that is watched already keeps its number.
     *
     * @return names the folder in its changes
     * @throws NativeException when there is no such folder, or the host's limit is reached: the detail names the limit
     */
    int add(Path folder) throws NativeException;

    /** Ends the watch of one folder. */
    void remove(int folder);

    @Override
    void close();

    /**
     * Something happened.
     *
     * @param folder in which, 0 when it was {@link Kind#LOST}
     * @param name of the entry, empty when it is about the folder itself
     * @param isFolder whether the entry is a folder
     */
    record Change(int folder, Kind kind, String name, boolean isFolder) {}

    /** What happened. */
    enum Kind {
        /** The entry was made; a file may not have been written yet. */
        CREATED,
        /** The entry was moved here, over what had its name. */
        MOVED_HERE,
        /** The file was written and closed. */
        WRITTEN,
        /** The entry was deleted or moved away. */
        REMOVED,
        /** The folder itself was deleted or moved: it is to be watched anew where it is now. */
        FOLDER_GONE,
        /** Changes came faster than they were taken: everything may be different. */
        LOST
    }

    /** Told of changes, on the executor, in the order in which they happened. */
    interface Listener {
        void changed(List<Change> changes);
    }
}
