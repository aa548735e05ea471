package dev.bunctl.verticles.web;

import dev.bunctl.bridge.access.Token;
import dev.bunctl.bridge.server.Peer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is logged in. The eldest gives way when there are too many. Used from one event loop. */
final class WebSessions {
    /** At one time. */
    static final int MAX = 256;

    /** Of one login. */
    static final Duration LIFETIME = Duration.ofHours(12);

    private static final int SECRET_BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, WebSession> byHash = new LinkedHashMap<>();
    private final Changed changed;

    /** Hears of every change. */
    @FunctionalInterface
    interface Changed {
        void now(Collection<WebSession> sessions);
    }

    /** @param known those of a former daemon */
    WebSessions(InstantSource clock, List<WebSession> known, Changed changed) {
        this.clock = clock;
        this.changed = changed;
        known.forEach(session -> byHash.put(session.hash(), session));
        boolean _ = dropExpired();
    }

    /** Begins a session; the result is the secret that its cookie holds. */
    String open(Peer.Bearer peer) {
        boolean _ = dropExpired();
        if (byHash.size() >= MAX) {
            byHash.remove(byHash.keySet().iterator().next());
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String hash = Token.hash(secret);
        byHash.put(
                hash,
                new WebSession(
                        hash,
                        peer.name(),
                        peer.role(),
                        peer.from(),
                        clock.instant().plus(LIFETIME)));
        changed.now(byHash.values());
        return secret;
    }

    /** The session whose cookie holds this; empty when there is none, or it is over. */
    Optional<WebSession> find(String secret) {
        return secret.length() > Token.MAX_TEXT ? Optional.empty() : ofHash(Token.hash(secret));
    }

    private Optional<WebSession> ofHash(String hash) {
        return Optional.ofNullable(byHash.get(hash))
                .filter(session -> session.expiresAt().isAfter(clock.instant()));
    }

    /** Whether a session that was found goes on. */
    boolean isOpen(WebSession session) {
        return ofHash(session.hash()).isPresent();
    }

    /** Ends a session. */
    void close(WebSession session) {
        if (byHash.remove(session.hash()) != null) {
            changed.now(byHash.values());
        }
    }

    /** Ends the sessions of whoever logged in by this name. */
    void closeOf(String name) {
        if (byHash.values().removeIf(session -> session.name().equals(name))) {
            changed.now(byHash.values());
        }
    }

    private boolean dropExpired() {
        Instant now = clock.instant();
        return byHash.values().removeIf(session -> !session.expiresAt().isAfter(now));
    }
}
