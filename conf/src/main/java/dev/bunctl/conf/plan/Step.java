package dev.bunctl.conf.plan;

import dev.bunctl.conf.AppName;
import java.util.List;

/**
 * What is to be done with one app.
 *
 * @param app its name
 * @param action what is done
 * @param differences why, in the order of the specification; none for a start and a stop
 */
public record Step(AppName app, Action action, List<Difference> differences) {
    public Step {
        differences = List.copyOf(differences);
    }

    /** What is done with an app. */
    public enum Action {
        /** It does not exist yet. */
        START,
        /** It is not wanted any more: stopped and forgotten. */
        STOP,
        /** Its processes are replaced one after the other, without a gap, since they can share their ports. */
        RELOAD,
        /** Its processes are stopped and started. */
        RESTART,
        /** It runs on with new settings, or with more or fewer processes. */
        CHANGE_LIVE,
        /** Nothing. */
        KEEP
    }
}
