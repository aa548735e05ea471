package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.os.api.ProcessKey;
import io.vertx.core.Future;
import java.util.Map;

/** How programs and daemon speak to each other, see {@code docs/app-channel.md}. Called on an event loop. */
public interface Channels {
    /** Holds where the daemon can be reached by messages. */
    String MESSAGES_VARIABLE = "BUNCTL_NOTIFY";

    /** Holds where {@code READY=1} is said, see sd_notify(3). */
    String NOTIFY_VARIABLE = "NOTIFY_SOCKET";

    /** Whether messages of programs of this app mean anything. */
    static boolean takesMessages(AppSpec spec) {
        return spec.stop().shutdownMessage() || spec.readiness().sign() instanceof Readiness.Message;
    }

    /** Whether {@code READY=1} means anything. */
    static boolean takesNotices(AppSpec spec) {
        return spec.readiness().sign() instanceof Readiness.Notify;
    }

    /** Whether this app needs a channel at all. */
    static boolean asks(AppSpec spec) {
        return takesMessages(spec) || takesNotices(spec);
    }

    /**
     * Makes the channels that an app asks for, before its program is executed, or again for one that runs already.
     *
     * @param adopted whether the program runs, and may be about to reach the daemon again
     * @return the variables that tell the program; fails when a channel cannot be made
     */
    Future<Map<String, String>> open(ProcessKey key, AppSpec spec, boolean adopted);

    /** Calls back once when the program says that it is ready, at once when it has; never without a channel. */
    Watches.Watch whenReady(ProcessKey key, Runnable ready);

    /** Tells a program to end by the message {@code shutdown}; false when nobody listened. */
    Future<Boolean> tellShutdown(ProcessKey key);

    /** The program has ended. Completes when nothing of its channels is left. */
    Future<Void> close(ProcessKey key);
}
