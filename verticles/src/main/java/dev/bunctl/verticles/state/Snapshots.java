package dev.bunctl.verticles.state;

import dev.bunctl.bridge.message.SnapshotName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Copies of the desired state under {@code <home>/state/snapshots}, written as the state itself is. Every method blocks and
 * belongs off the event loop.
 */
public final class Snapshots {
    private final Path folder;

    public Snapshots(Path home) {
        this.folder = home.resolve("state").resolve("snapshots");
    }

    private AtomicFile file(SnapshotName name) {
        return new AtomicFile(folder, name.value() + ".json", StateFile.MAX_BYTES);
    }

    /** Replaces what the name held, in one step. */
    public void save(SnapshotName name, DesiredState state) throws IOException {
        file(name).replace(DesiredStateCodec.print(state));
    }

    /**
     * Reads a snapshot of this version or an older one.
     *
     * @return empty when there is none of that name
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException saying what is wrong with its content
     */
    public Optional<DesiredState> load(SnapshotName name) throws IOException {
        return file(name).read().map(DesiredStateCodec::parse);
    }
}
