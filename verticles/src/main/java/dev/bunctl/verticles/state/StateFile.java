package dev.bunctl.verticles.state;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * {@code <home>/state/desired.json}: written whole, to another name first, so that a reader finds the old state or the
 * new one and nothing between. Every method blocks and belongs off the event loop.
 */
public final class StateFile {
    /** More than 10,000 apps with an environment of 16 KiB each. */
    public static final int MAX_BYTES = 256 << 20;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path file;
    private final Path folder;
    private final StateFiles files;
    private final Clock clock;

    public StateFile(Path home, Clock clock) {
        this(home, clock, new StateFiles.OnDisk());
    }

    StateFile(Path home, Clock clock, StateFiles files) {
        this.folder = home.resolve("state");
        this.file = folder.resolve("desired.json");
        this.files = files;
        this.clock = clock;
    }

    /**
     * What was found.
     *
     * @param warnings for the user, in whole sentences: what had to be set aside
     */
    public record Loaded(DesiredState state, List<String> warnings) {
        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Reads what was wanted. A file that cannot be understood is put aside under another name, never deleted, and the
     * daemon begins with nothing.
     *
     * @param bootId of this boot of the host
     * @throws IOException when the file is there and cannot be read, or cannot be put aside: beginning with nothing
     *     would then overwrite it
     */
    public Loaded load(String bootId) throws IOException {
        byte[] bytes;
        try {
            bytes = files.read(file, MAX_BYTES);
        } catch (NoSuchFileException e) {
            return new Loaded(DesiredState.empty(bootId), List.of());
        }
        try {
            return new Loaded(DesiredStateCodec.parse(bytes), List.of());
        } catch (IllegalArgumentException e) {
            Path aside = setAside();
            return new Loaded(
                    DesiredState.empty(bootId),
                    List.of("The saved apps could not be read (" + e.getMessage() + "). The file was kept as " + aside
                            + " and bunctl began with no apps."));
        }
    }

    /**
     * Looks whether this version understands what is saved. Changes nothing.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public void check() throws IOException {
        try {
            var _ = DesiredStateCodec.parse(files.read(file, MAX_BYTES));
        } catch (NoSuchFileException nothingSaved) {
            return;
        }
    }

    private Path setAside() throws IOException {
        Path aside = folder.resolve("desired.json.corrupt-" + STAMP.format(clock.instant()));
        files.rename(file, aside);
        files.syncFolder(folder);
        return aside;
    }

    /**
     * Makes a state durable.
     *
     * @throws IOException when it is not; the file then holds {@code former}, or the exception says that it may not
     */
    public void save(DesiredState former, DesiredState next) throws IOException {
        byte[] content = DesiredStateCodec.print(next);
        if (content.length > MAX_BYTES) {
            throw new IOException("the state would take " + content.length + " bytes, more than " + MAX_BYTES);
        }
        files.makeFolder(folder);
        replaceBy(content);
        try {
            files.syncFolder(folder);
        } catch (IOException e) {
            // INVARIANT: a refused change is never found by a later daemon.
            try {
                replaceBy(DesiredStateCodec.print(former));
                files.syncFolder(folder);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Writes the state again where somebody deleted it. */
    public void restore(DesiredState state) throws IOException {
        if (!files.exists(file)) {
            save(state, state);
        }
    }

    private void replaceBy(byte[] content) throws IOException {
        Path temporary = folder.resolve("desired.json.new");
        try {
            files.write(temporary, content);
            files.rename(temporary, file);
        } catch (IOException e) {
            try {
                files.remove(temporary);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }
}
