package dev.bunctl.verticles.lifecycle;

/** What the user wants of an instance; only a user's command changes it. */
public enum Desired {
    RUNNING,
    STOPPED
}
