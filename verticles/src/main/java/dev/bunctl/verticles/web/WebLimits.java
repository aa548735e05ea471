package dev.bunctl.verticles.web;

import java.time.Duration;

/**
 * What the web server takes from its clients.
 *
 * @param connections at one time, of whatever kind; when there is one more, the one that has been quiet longest gives way
 * @param pages of these, that are connected to the event bus
 * @param firstRequest from the connection until its first request has come; bytes that trickle in win no time
 * @param request from the head of a request until its body has come, it is answered and the answer taken; then until the next
 *     request has come
 * @param untakenBytes of answers that wait to be taken, for all connections; over it the slowest gives way
 * @param queued characters that wait to be taken by one page, at which published messages are dropped
 * @param queuedReplies the same, at which a page that does not even take replies is cut off with a notice
 * @param queuedAll characters that wait to be taken by all pages; over it the slowest is cut off with a notice
 * @param messagesPerSecond of one page in the long run, and in one burst; more are read later, and whoever is far over it is cut
 *     off with a notice
 * @param lastWords how long a page that is cut off has to take what waits for it
 * @param ping within which a page must send something, if only a ping
 */
record WebLimits(
        int connections,
        int pages,
        Duration firstRequest,
        Duration request,
        long untakenBytes,
        long queued,
        long queuedReplies,
        long queuedAll,
        int messagesPerSecond,
        Duration lastWords,
        Duration ping) {
    /** The daemon's; its heap has 96 MiB. */
    static final WebLimits DEFAULT = new WebLimits(
            512,
            128,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            8 << 20,
            2 << 20,
            4 << 20,
            12 << 20,
            200,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20));

    WebLimits {
        if (connections < 1 || pages < 1 || untakenBytes < 1 || queued < 1 || messagesPerSecond < 1) {
            throw new IllegalArgumentException("limits of at least 1 expected");
        }
        if (queuedReplies < queued || queuedAll < queuedReplies) {
            throw new IllegalArgumentException("queued <= queuedReplies <= queuedAll expected");
        }
    }
}
