package dev.bunctl.verticles.control;

import io.vertx.core.Deployable;

/** Makes the verticle that owns one instance; it listens on its internal address once it is deployed. */
@FunctionalInterface
public interface SupervisorFactory {
    Deployable supervisorOf(Assignment assignment);
}
