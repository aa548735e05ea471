package dev.bunctl.verticles.control;

import io.vertx.core.Deployable;
import io.vertx.core.Future;

/** Makes the verticles that own one instance each. */
public interface SupervisorFactory {
    /** A supervisor that listens on its internal address once it is deployed. */
    Deployable supervisorOf(Assignment assignment);

    /** Deletes what supervisors kept about an instance that is no longer known. */
    Future<Void> forget(String instance);
}
