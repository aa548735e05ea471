package dev.bunctl.conf.field;

/** What it takes to bring a changed field into a running app. */
public enum Change {
    /** Another app: the old one is stopped, the new one started. */
    IDENTITY,
    /** New processes. */
    RESTART,
    /** More or fewer processes. */
    SCALE,
    /** Nothing: it is in force at once. */
    LIVE,
    /** Nothing: it matters only while the configuration is read. */
    NONE
}
