package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.Optional;

/** Makes the verticles that own one instance each. */
public interface SupervisorFactory {
    /** A supervisor that listens on its internal address once it is deployed. */
    Deployable supervisorOf(Assignment assignment);

    /** Why the instances of an app neither share their ports nor drain through bunctl, if they do not. */
    Optional<String> unsharedPorts(AppSpec spec);

    /** Deletes what supervisors kept about an instance that is no longer known. */
    Future<Void> forget(String instance);
}
