package dev.bunctl.os.api;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An observer that keeps what it was told, to be asked for in order. */
public final class Witness implements Processes.ProcessObserver {
    /** Something that was told. */
    public sealed interface Told {
        record Spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr)
                implements Told {}

        record NotSpawned(ProcessKey key, NativeException cause) implements Told {}

        record Ended(Processes.Exit exit) implements Told {}

        record SoftMemoryPassed(ProcessKey key) implements Told {}

        record MemoryExhausted(ProcessKey key) implements Told {}
    }

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    /** The next thing told, which must be of this kind. Waits; the test's time-out is the limit. */
    public <T extends Told> T next(Class<T> kind) throws InterruptedException {
        Told next = told.take();
        if (!kind.isInstance(next)) {
            throw new AssertionError(kind.getSimpleName() + " expected, not " + next);
        }
        return kind.cast(next);
    }

    public boolean heardNothingMore() {
        return told.isEmpty();
    }

    @Override
    public void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
        told.add(new Told.Spawned(key, identity, stdout, stderr));
    }

    @Override
    public void notSpawned(ProcessKey key, NativeException cause) {
        told.add(new Told.NotSpawned(key, cause));
    }

    @Override
    public void exited(Processes.Exit exit) {
        told.add(new Told.Ended(exit));
    }

    @Override
    public void softMemoryPassed(ProcessKey key) {
        told.add(new Told.SoftMemoryPassed(key));
    }

    @Override
    public void memoryExhausted(ProcessKey key) {
        told.add(new Told.MemoryExhausted(key));
    }
}
