package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.supervisor.SupervisorVerticle;
import io.vertx.core.eventbus.ReplyException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What became of instances, in words. */
final class Results {
    private static final System.Logger LOG = System.getLogger(Results.class.getName());

    private Results() {}

    static InstanceResult done(String instance, String outcome) {
        return new InstanceResult(instance, true, outcome, List.of());
    }

    static InstanceResult failed(String instance, String outcome) {
        return new InstanceResult(instance, false, outcome, List.of());
    }

    /** It failed, with what its last process wrote to stderr at the end. */
    static InstanceResult failed(InstanceSnapshot snapshot) {
        List<CrashRecord> crashes = snapshot.crashes();
        List<String> lines = crashes.isEmpty() ? List.of() : crashes.getLast().lastLines();
        return new InstanceResult(snapshot.instance(), false, snapshot.reason(), lines);
    }

    /** The command did not come to its end. */
    static InstanceResult failed(String instance, Throwable cause) {
        if (cause instanceof TimeoutException) {
            return failed(instance, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof ReplyException reply && reply.failureCode() == SupervisorVerticle.REFUSED) {
            return failed(instance, String.valueOf(reply.getMessage()));
        }
        LOG.log(System.Logger.Level.WARNING, instance + ": a command failed", cause);
        return failed(instance, "a failure inside bunctl: " + cause);
    }
}
