package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;

/** Tells when the files of an app have changed. Called on an event loop. */
public interface FileChanges {
    /** Follows the files that the watch policy of an app names; the app has one, and it is on. */
    Watches.Watch follow(AppSpec spec, Listener listener);

    /** Told on the event loop. */
    interface Listener {
        /** Every change from now on is seen. */
        void begun();

        /** Files have changed, and no more of them for as long as the policy asks; the detail names some. */
        void changed(String detail);

        /** Files are not watched, and why; nothing more comes. */
        void failed(String why);
    }
}
