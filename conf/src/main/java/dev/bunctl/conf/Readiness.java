package dev.bunctl.conf;

import java.time.Duration;

/**
 * When an app counts as up.
 *
 * @param sign what shows it
 * @param timeout how long it may take ({@code listen_timeout})
 * @param onlineAnyway whether a sign that did not come in time counts as up, as in PM2, or as failure
 */
public record Readiness(Sign sign, Duration timeout, boolean onlineAnyway) {
    public static final Readiness DEFAULT =
            new Readiness(new Alive(Duration.ofMillis(300)), Duration.ofSeconds(30), false);

    /** What shows that an app is up. */
    public sealed interface Sign {}

    /** It is still alive some time after it was executed. */
    public record Alive(Duration after) implements Sign {}

    /** It calls {@code process.send('ready')}. */
    public record Message() implements Sign {}

    /** Something accepts connections there. */
    public record Port(String host, int port) implements Sign {}

    /** The address answers with a status from 200 to 399. */
    public record Http(String url) implements Sign {}

    /** A line of its output matches the regular expression. */
    public record LogLine(String pattern) implements Sign {}

    /** It sends {@code READY=1} as described in sd_notify(3). */
    public record Notify() implements Sign {}
}
