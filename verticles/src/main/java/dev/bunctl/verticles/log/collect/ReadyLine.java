package dev.bunctl.verticles.log.collect;

import dev.bunctl.verticles.log.frame.LineFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * The line by which an app says that it is ready, looked for as it passes: of output that goes to a standard stream of this process
 * there is no file to look into. Used on one lane.
 */
final class ReadyLine {
    private static final System.Logger LOG = System.getLogger(ReadyLine.class.getName());

    private final LineFilter filter;
    private final Promise<Void> passed = Promise.promise();
    private boolean looking = true;

    ReadyLine(LineFilter filter) {
        this.filter = filter;
    }

    /** Completes on the lane. */
    Future<Void> passed() {
        return passed.future();
    }

    void look(byte[] bytes, int from, int to) {
        if (!looking) {
            return;
        }
        try {
            if (filter.accepts(bytes, from, to)) {
                looking = false;
                passed.complete();
            }
        } catch (IllegalArgumentException tooSlow) {
            looking = false;
            LOG.log(System.Logger.Level.WARNING, "cannot look for the line that shows readiness", tooSlow);
        }
    }
}
