package dev.bunctl.bridge.server;

import java.util.Optional;

/** Decides who a token belongs to. Called on the server's event loop; does not block. */
public interface Authenticator {
    /**
     * Looks a token up.
     *
     * @param token what the client showed
     * @param from the client's address
     * @return empty when it is none
     */
    Optional<Peer.Bearer> authenticate(String token, String from);
}
