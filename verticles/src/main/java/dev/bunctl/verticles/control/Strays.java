package dev.bunctl.verticles.control;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Processes.Survivor;
import dev.bunctl.os.api.Signal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that a former daemon left and no known app accounts for: the file that named them was lost. They run on, so
 * that nothing the user needs is ended by a guess; they end with everything else.
 */
final class Strays {
    /** As long as an app is given that does not say. */
    static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Processes processes;

    Strays(Vertx vertx, Processes processes) {
        this.vertx = vertx;
        this.processes = processes;
    }

    /** Completes when none of them runs. */
    Future<Void> end(List<Survivor> survivors) {
        List<Future<Void>> ends = new ArrayList<>();
        survivors.forEach(survivor -> ends.add(end(survivor)));
        return Future.all(ends).mapEmpty();
    }

    private Future<Void> end(Survivor survivor) {
        Context context = vertx.getOrCreateContext();
        Promise<Void> ended = Promise.promise();
        processes.adopt(survivor, new Ending(ended), task -> context.runOnContext(_ -> task.run()));
        processes.signal(survivor.key(), Signal.INT, Processes.Scope.GROUP);
        long timer = vertx.setTimer(
                TIME_TO_STOP.toMillis(), _ -> processes.signal(survivor.key(), Signal.KILL, Processes.Scope.TREE));
        return ended.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private final class Ending implements Processes.ProcessObserver {
        private final Promise<Void> ended;

        Ending(Promise<Void> ended) {
            this.ended = ended;
        }

        @Override
        public void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            throw new IllegalStateException("never asked to spawn " + key);
        }

        @Override
        public void notSpawned(ProcessKey key, NativeException cause) {
            throw new IllegalStateException("never asked to spawn " + key, cause);
        }

        @Override
        public void exited(Processes.Exit exit) {
            processes.forget(exit.key());
            ended.tryComplete();
        }
    }
}
