package dev.bunctl.bridge.server;

/** Counts what passes through bridges, of all their clients together. Used on the servers' event loop. */
public final class BridgeTraffic {
    private int connections;
    private long received;
    private long sent;
    private long dropped;
    private long cut;

    void opened() {
        connections++;
    }

    void closed() {
        connections--;
    }

    void receive() {
        received++;
    }

    /** @param taken whether there was room for it */
    void send(boolean taken) {
        if (taken) {
            sent++;
        } else {
            dropped++;
        }
    }

    void cut() {
        cut++;
    }

    /** Clients that are served now. */
    public int connections() {
        return connections;
    }

    /** Frames that clients sent. */
    public long received() {
        return received;
    }

    /** Frames that were sent to clients. */
    public long sent() {
        return sent;
    }

    /** Frames that clients were too slow for. */
    public long dropped() {
        return dropped;
    }

    /** Clients that were cut off for being too slow. */
    public long cuts() {
        return cut;
    }
}
