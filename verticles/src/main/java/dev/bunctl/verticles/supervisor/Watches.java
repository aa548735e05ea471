package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.lifecycle.Event;
import dev.bunctl.verticles.log.OutputCollector;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.LongConsumer;

/** Looks after running processes, by the means their specifications declare. Called on an event loop. */
public interface Watches {
    /** Looks for the declared sign of readiness and reports it once, with {@link Event.ReadySignSeen}. */
    Watch readiness(Subject subject, Reports to);

    /**
     * Watches health as declared, and reports the first success with {@link Event.WellSeen} and each trouble with
     * {@link Event.TroubleSeen}.
     */
    Watch health(Subject subject, Reports to);

    /**
     * Reads the resident memory of the tree again and again, for hosts that tell of no limit.
     *
     * @param reading told bytes, from any thread
     */
    Watch memory(Subject subject, LongConsumer reading);

    /**
     * A running process.
     *
     * @param number of the instance, from 0
     * @param startedAt when its execution was asked for; none of its output arrived before
     * @param readyLine see {@link OutputCollector.Collection#readyLine}
     */
    record Subject(
            ProcessKey key,
            int number,
            ProcessIdentity identity,
            Instant startedAt,
            AppSpec spec,
            Future<Void> readyLine) {}

    /** Where reports go, from any thread. */
    interface Reports {
        void report(Event event);
    }

    /** Something that goes on until it is ended. */
    interface Watch {
        void end();
    }
}
