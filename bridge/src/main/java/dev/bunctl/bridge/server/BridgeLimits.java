package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Protocol;

/**
 * What a bridge takes from its clients.
 *
 * @param connections at one time; one more is told so and closed
 * @param frameBytes of one frame's body; a larger one is skipped and answered with an error
 * @param subscriptions registered addresses for each connection
 * @param pendingRequests requests of one connection that have no reply yet
 * @param pendingReplies messages to one connection that wait for its reply; the eldest gives way
 * @param queuedBytes waiting to be taken by one connection; published messages over it are dropped and counted, anything
 *     else over it closes the connection
 * @param queuedAllBytes waiting to be taken by all connections; over it the one with the most is cut off with a notice
 * @param pausedAtBytes waiting to be taken by one connection at which no more is read from it
 * @param framesPerSecond of one connection in the long run, and in one burst; more are read later. 0 is no limit
 */
public record BridgeLimits(
        int connections,
        int frameBytes,
        int subscriptions,
        int pendingRequests,
        int pendingReplies,
        int queuedBytes,
        int queuedAllBytes,
        int pausedAtBytes,
        int framesPerSecond) {
    /** For clients of this host. */
    public static final BridgeLimits DEFAULT =
            new BridgeLimits(1024, Protocol.MAX_FRAME, 256, 1024, 1024, 16 << 20, 32 << 20, 1 << 20, 0);

    /** For clients of other hosts. */
    public static final BridgeLimits REMOTE =
            new BridgeLimits(256, 1 << 20, 64, 64, 64, 8 << 20, 32 << 20, 1 << 20, 200);

    public BridgeLimits {
        if (connections < 1 || frameBytes < 1 || subscriptions < 1 || pendingRequests < 1 || pendingReplies < 1) {
            throw new IllegalArgumentException("limits of at least 1 expected");
        }
        if (framesPerSecond < 0) {
            throw new IllegalArgumentException("framesPerSecond of 0 or more expected");
        }
        if (pausedAtBytes < 1 || queuedBytes < pausedAtBytes || queuedAllBytes < queuedBytes) {
            throw new IllegalArgumentException("1 <= pausedAtBytes <= queuedBytes <= queuedAllBytes expected");
        }
    }
}
