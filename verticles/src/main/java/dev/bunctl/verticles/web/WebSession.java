package dev.bunctl.verticles.web;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.server.Peer;
import java.time.Instant;

/**
 * Somebody who logged in.
 *
 * @param hash SHA-256 of the cookie's secret, in hexadecimal: whoever reads the file cannot use it
 * @param name of the token, or of the link, that was shown
 * @param from the browser's address at the login
 * @param expiresAt when it is over, whatever was done in it
 */
record WebSession(String hash, String name, Role role, String from, Instant expiresAt) {
    /** Who sends, from wherever that is now. */
    Peer.Bearer peer(String address) {
        return new Peer.Bearer(name, role, address);
    }
}
