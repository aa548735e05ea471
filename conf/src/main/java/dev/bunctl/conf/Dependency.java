package dev.bunctl.conf;

/**
 * An app that must have come that far before the one that names it starts.
 *
 * @param app its name
 * @param condition how far
 */
public record Dependency(AppName app, Condition condition) {
    /** How far the other app must have come. */
    public enum Condition {
        STARTED,
        READY,
        HEALTHY,
        COMPLETED
    }
}
