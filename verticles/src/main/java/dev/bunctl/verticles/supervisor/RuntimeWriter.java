package dev.bunctl.verticles.supervisor;

import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.lifecycle.Memory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes down what one supervisor remembers: one write at a time, the newest memory last. Exits are forgotten by the
 * host only after a write that knows of them; when a write fails they are kept for the next.
 */
final class RuntimeWriter {
    private static final System.Logger LOG = System.getLogger(RuntimeWriter.class.getName());

    private final String instance;
    private final SupervisorServices services;
    private final Surroundings around;
    private final List<ProcessKey> toForget = new ArrayList<>(2);
    private Optional<Memory> next = Optional.empty();
    private Optional<Promise<Void>> whenIdle = Optional.empty();
    private boolean writing;

    RuntimeWriter(String instance, SupervisorServices services, Surroundings around) {
        this.instance = instance;
        this.services = services;
        this.around = around;
    }

    /** The host may forget this exit after the next write, which is to be asked for in the same step. */
    void forgetAfterwards(ProcessKey key) {
        toForget.add(key);
    }

    void save(Memory memory) {
        next = Optional.of(memory);
        if (!writing) {
            write(memory);
        }
    }

    /** Completes when nothing is being written and nothing waits to be. */
    Future<Void> idle() {
        if (!writing) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = whenIdle.orElseGet(Promise::promise);
        whenIdle = Optional.of(promise);
        return promise.future();
    }

    private void write(Memory memory) {
        writing = true;
        next = Optional.empty();
        List<ProcessKey> known = List.copyOf(toForget);
        toForget.clear();
        RuntimeRecord runtime = RuntimeRecord.of(memory, services.platform().bootId(), around.now());
        around.blocking(() -> {
                    services.runtime().save(instance, runtime);
                    return known;
                })
                .onSuccess(keys -> keys.forEach(services.platform().processes()::forget))
                .onFailure(cause -> {
                    toForget.addAll(0, known);
                    LOG.log(System.Logger.Level.ERROR, "cannot write down what is known of " + instance, cause);
                })
                .onComplete(done -> written());
    }

    private void written() {
        writing = false;
        if (next.isPresent()) {
            write(next.get());
            return;
        }
        whenIdle.ifPresent(Promise::complete);
        whenIdle = Optional.empty();
    }
}
