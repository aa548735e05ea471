package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.lifecycle.Event;

/** Looks after one running process, by the means its specification declares. */
public interface Watches {
    /** Looks for the declared sign of readiness and reports it once, with {@link Event.ReadySignSeen}. */
    Watch readiness(ProcessKey key, ProcessIdentity identity, AppSpec spec, Reports to);

    /** Watches health and memory as declared, and reports each trouble with {@link Event.TroubleSeen}. */
    Watch health(ProcessKey key, ProcessIdentity identity, AppSpec spec, Reports to);

    /** Where reports go; called on the event loop of the supervisor. */
    interface Reports {
        void report(Event event);
    }

    /** Something that goes on until it is ended. */
    interface Watch {
        void end();
    }
}
