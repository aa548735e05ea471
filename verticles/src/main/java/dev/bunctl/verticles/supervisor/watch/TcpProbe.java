package dev.bunctl.verticles.supervisor.watch;

import io.vertx.core.Future;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Well when something accepts a connection. */
record TcpProbe(Shared<NetClient> clients, String host, int port) implements Probe {
    @Override
    public Future<Optional<String>> run(Duration timeout) {
        Future<NetSocket> connecting = clients.get().compose(client -> client.connect(port, host));
        // Also one that comes after the timeout is closed.
        connecting.onSuccess(socket -> {
            Future<Void> _ = socket.close();
        });
        return connecting
                .timeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)
                .map(socket -> Optional.<String>empty())
                .otherwise(cause -> Optional.of("%s:%d: %s".formatted(host, port, cause.getMessage())));
    }
}
