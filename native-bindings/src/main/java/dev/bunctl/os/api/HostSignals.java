package dev.bunctl.os.api;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What the outside asks of the daemon through signals to it or to its parent. */
public interface HostSignals {
    /** Calls back on the executor for each request, those that came before included. */
    void subscribe(Executor executor, Consumer<Request> callback);

    /** What may be asked. */
    enum Request {
        /** Stop every app gracefully and end. */
        TERMINATE,
        /** Open log files anew. */
        REOPEN_LOGS,
        /** Hand over to a new daemon. */
        REPLACE_DAEMON
    }
}
