package dev.bunctl.verticles.state;

import dev.bunctl.bridge.message.SnapshotName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Copies of the desired state under {@code <home>/state/snapshots}, written as the state itself is. Every method blocks and
 * belongs off the event loop.
 */
public final class Snapshots {
    private final Path folder;
    private final StateFiles files = new StateFiles.OnDisk();

    public Snapshots(Path home) {
        this.folder = home.resolve("state").resolve("snapshots");
    }

    private Path file(SnapshotName name) {
        return folder.resolve(name.value() + ".json");
    }

    /** Replaces what the name held, in one step. */
    public void save(SnapshotName name, DesiredState state) throws IOException {
        files.makeFolder(folder);
        Path temporary = folder.resolve(name.value() + ".json.new");
        try {
            files.write(temporary, DesiredStateCodec.print(state));
            files.rename(temporary, file(name));
        } catch (IOException e) {
            try {
                files.remove(temporary);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        files.syncFolder(folder);
    }

    /**
     * Reads a snapshot of this version or an older one.
     *
     * @return empty when there is none of that name
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException saying what is wrong with its content
     */
    public Optional<DesiredState> load(SnapshotName name) throws IOException {
        try {
            return Optional.of(DesiredStateCodec.parse(files.read(file(name), StateFile.MAX_BYTES)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
