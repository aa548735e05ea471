package dev.bunctl.bridge.server;

import java.util.Set;

/** Learns of connections. Called on the server's event loop. */
public interface ConnectionListener {
    /** Nobody listens. */
    ConnectionListener NONE = (connection, peer, addresses) -> {};

    /** Somebody has shown a valid token and is served from now on. */
    default void admitted(Peer peer) {}

    /**
     * Somebody was not let in.
     *
     * @param from the address
     * @param why what was told there, such as {@code login_refused}
     */
    default void turnedAway(String from, String why) {}

    /** Where what passes is counted; each server asks once. */
    default BridgeTraffic traffic() {
        return new BridgeTraffic();
    }

    /** A connection was registered at an address; told once, until that has ended. */
    default void registered(Peer peer, String address) {}

    /**
     * A connection was not registered at an address.
     *
     * @param why what it was told, such as {@code access_denied}
     */
    default void registrationRefused(Peer peer, String address, String why) {}

    /** A connection has ended its registration at an address; those that end with it come to {@link #closed}. */
    default void unregistered(String address) {}

    /**
     * A connection has ended and its registrations are gone.
     *
     * @param connection its id, as in the header {@link Peer#CONNECTION} of its messages
     * @param peer who it was
     * @param addresses where it was registered, its sessions among them
     */
    void closed(String connection, Peer peer, Set<String> addresses);
}
