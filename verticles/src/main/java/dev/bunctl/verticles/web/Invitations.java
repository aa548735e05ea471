package dev.bunctl.verticles.web;

import dev.bunctl.bridge.access.Token;
import dev.bunctl.bridge.server.Peer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Links that log in once: whoever may steer the daemon by command need not make a token to see its page. Used from one event loop. */
final class Invitations {
    /** Not used yet; the eldest gives way. */
    static final int MAX = 64;

    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final int SECRET_BYTES = 24;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Invitation> byHash = new LinkedHashMap<>();

    private record Invitation(Peer.Bearer peer, Instant expiresAt) {}

    Invitations(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes an invitation; the result is the code that the link holds. */
    String invite(Peer.Bearer peer) {
        byHash.values().removeIf(one -> !one.expiresAt().isAfter(clock.instant()));
        if (byHash.size() >= MAX) {
            byHash.remove(byHash.keySet().iterator().next());
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byHash.put(Token.hash(code), new Invitation(peer, clock.instant().plus(LIFETIME)));
        return code;
    }

    /** Uses an invitation up; empty when there is none of that code, or it came too late. */
    Optional<Peer.Bearer> accept(String code) {
        if (code.length() > Token.MAX_TEXT) {
            return Optional.empty();
        }
        return Optional.ofNullable(byHash.remove(Token.hash(code)))
                .filter(one -> one.expiresAt().isAfter(clock.instant()))
                .map(Invitation::peer);
    }
}
