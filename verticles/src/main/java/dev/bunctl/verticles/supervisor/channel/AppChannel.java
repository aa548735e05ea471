package dev.bunctl.verticles.supervisor.channel;

import dev.bunctl.os.api.NotifySocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one generation of an instance has said and can be told. On one event loop. */
final class AppChannel implements MessageSocket.Listener {
    static final String SHUTDOWN = "shutdown";

    /** The preload tries at least every two seconds to reach a daemon that it has lost. */
    static final Duration RECONNECT = Duration.ofMillis(2500);

    private final Vertx vertx;
    private final List<Runnable> waiting = new ArrayList<>(1);
    private @Nullable MessageSocket messages;
    private @Nullable NotifySocket notices;
    private @Nullable Promise<Void> connection;
    private boolean hasConnected;
    private boolean isReady;
    private boolean closed;

    /** @param adopted whether the program may have been connected to a former daemon */
    AppChannel(Vertx vertx, boolean adopted) {
        this.vertx = vertx;
        this.hasConnected = adopted;
    }

    void hold(MessageSocket socket) {
        messages = socket;
        if (closed) {
            Future<Void> _ = socket.close();
        }
    }

    void hold(NotifySocket socket) {
        notices = socket;
        if (closed) {
            socket.close();
        }
    }

    @Override
    public void connected() {
        hasConnected = true;
        if (connection != null) {
            boolean _ = connection.tryComplete();
        }
    }

    @Override
    public void ready() {
        if (!isReady) {
            isReady = true;
            List.copyOf(waiting).forEach(Runnable::run);
            waiting.clear();
        }
    }

    /** Calls back when ready; what it gives back ends that. */
    Runnable whenReady(Runnable callback) {
        if (isReady) {
            callback.run();
        } else {
            waiting.add(callback);
        }
        return () -> waiting.remove(callback);
    }

    /** A program that has spoken before is given the time to come back. */
    Future<Boolean> tellShutdown() {
        if (messages == null || messages.hasListeners() || !hasConnected) {
            return Future.succeededFuture(send());
        }
        Promise<Void> awaited = Promise.promise();
        connection = awaited;
        long timer = vertx.setTimer(RECONNECT.toMillis(), _ -> awaited.tryComplete());
        return awaited.future().map(_ -> {
            boolean _ = vertx.cancelTimer(timer);
            return send();
        });
    }

    private boolean send() {
        return messages != null && messages.send(SHUTDOWN);
    }

    Future<Void> close() {
        closed = true;
        waiting.clear();
        Optional.ofNullable(notices).ifPresent(NotifySocket::close);
        return messages == null ? Future.succeededFuture() : messages.close();
    }
}
