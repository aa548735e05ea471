package dev.bunctl.verticles.state;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The desired state in memory, which is always what the file holds. Changes that come while the disk is busy are written
 * together; each is answered only when it is durable. Used from one event loop.
 */
public final class StateStore {
    private final StateFile file;
    private final WorkerExecutor disk;
    private final List<Pending<?>> waiting = new ArrayList<>();
    private DesiredState durable;
    private boolean writing;
    private Consumer<DesiredState> watcher = state -> {};

    /**
     * @param durable what the file holds
     * @param disk runs the writes, off the event loop
     */
    public StateStore(StateFile file, DesiredState durable, WorkerExecutor disk) {
        this.file = file;
        this.durable = durable;
        this.disk = disk;
    }

    /** A change of the state; pure, and tried anew when the state below it changed. */
    @FunctionalInterface
    public interface Change<T> {
        Outcome<T> apply(DesiredState state);
    }

    /**
     * What a change comes to.
     *
     * @param next the state after it; the same object when nothing changes
     * @param answer what its asker is told when {@code next} is durable
     */
    public record Outcome<T>(DesiredState next, T answer) {}

    private record Pending<T>(Change<T> change, Promise<T> promise) {}

    /** Has somebody told of each state that became durable, before those who asked for it are. */
    public void onDurable(Consumer<DesiredState> told) {
        watcher = told;
    }

    /** What is wanted now. */
    public DesiredState state() {
        return durable;
    }

    /**
     * Changes the state. Changes are made in the order in which they are asked for.
     *
     * @return fails with an {@link IOException} when the new state could not be written; nothing has changed then
     */
    public <T> Future<T> change(Change<T> change) {
        Promise<T> promise = Promise.promise();
        waiting.add(new Pending<>(change, promise));
        if (!writing) {
            writeWaiting();
        }
        return promise.future();
    }

    /** Writes the state again where somebody deleted its file, so that the next daemon finds it. */
    public Future<Void> restore() {
        DesiredState state = durable;
        return disk.executeBlocking(() -> {
            file.restore(state);
            return null;
        });
    }

    @SuppressWarnings("ReferenceEquality") // the same object says that nothing changes
    private void writeWaiting() {
        List<Pending<?>> batch = List.copyOf(waiting);
        waiting.clear();
        DesiredState former = durable;
        DesiredState next = former;
        List<Settled<?>> settled = new ArrayList<>(batch.size());
        for (Pending<?> pending : batch) {
            next = tried(pending, next, settled);
        }
        if (next == former) {
            settled.forEach(Settled::succeed);
            return;
        }
        write(former, next, settled);
    }

    private static <T> DesiredState tried(Pending<T> pending, DesiredState state, List<Settled<?>> settled) {
        try {
            Outcome<T> outcome = pending.change.apply(state);
            settled.add(new Settled<>(pending.promise, outcome.answer()));
            return outcome.next();
        } catch (RuntimeException e) {
            pending.promise.fail(e);
            return state;
        }
    }

    private record Settled<T>(Promise<T> promise, T answer) {
        void succeed() {
            promise.complete(answer);
        }
    }

    private void write(DesiredState former, DesiredState next, List<Settled<?>> settled) {
        writing = true;
        Future<Void> written = disk.executeBlocking(() -> {
            file.save(former, next);
            return null;
        });
        written.onComplete(result -> {
            writing = false;
            if (result.succeeded()) {
                durable = next;
                watcher.accept(next);
                settled.forEach(Settled::succeed);
            } else {
                settled.forEach(one -> one.promise.fail(result.cause()));
            }
            if (!writing && !waiting.isEmpty()) {
                writeWaiting();
            }
        });
    }
}
