package dev.bunctl.verticles.supervisor.watch;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** One try, made when asked. */
interface Probe {
    /**
     * Tries once. The future never fails.
     *
     * @return empty when all is well, else what is wrong, in words for the user
     */
    Future<Optional<String>> run(Duration timeout);
}
