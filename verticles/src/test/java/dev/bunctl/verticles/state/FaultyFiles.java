package dev.bunctl.verticles.state;

import java.io.IOException;
import java.nio.file.Path;

/** The real file system, which fails once at a chosen step, or is gone from then on as after a kill. */
class FaultyFiles implements StateFiles {
    private final StateFiles real = new StateFiles.OnDisk();
    private int stepsLeft;
    private boolean failed;

    /** Whether nothing more can be done after the failure. */
    boolean killed;

    /** @param steps that go well before one fails */
    FaultyFiles(int steps) {
        this.stepsLeft = steps;
    }

    /** The daemon was killed here. */
    static final class KilledException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void step() throws IOException {
        if (stepsLeft-- > 0 || (failed && !killed)) {
            return;
        }
        failed = true;
        if (killed) {
            throw new KilledException();
        }
        throw new IOException("No space left on device");
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        step();
        real.makeFolder(folder);
    }

    @Override
    public byte[] read(Path file, int limit) throws IOException {
        return real.read(file, limit);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        step();
        real.write(file, content);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        real.rename(from, to);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step();
        real.syncFolder(folder);
    }

    @Override
    public boolean exists(Path file) {
        return real.exists(file);
    }

    @Override
    public void remove(Path file) throws IOException {
        step();
        real.remove(file);
    }
}
