package dev.bunctl.verticles.state;

import java.util.Locale;

/** What the user wants of one instance. */
public enum Intent {
    /** It should run, now and after every start of the daemon. */
    RUN,
    /** It stays stopped under every policy, until the user starts it. */
    STOP,
    /** It is being stopped and then forgotten; a daemon that finds this finishes it. */
    DELETE;

    /** The word in the state file. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
