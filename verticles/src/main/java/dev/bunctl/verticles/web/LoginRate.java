package dev.bunctl.verticles.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Slows whoever guesses: after some failures an address waits. Used from one event loop. */
final class LoginRate {
    /** Failures of one address within {@link #WINDOW}. */
    static final int MAX_FAILURES = 10;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Addresses that are remembered. */
    static final int MAX_ADDRESSES = 1024;

    private final InstantSource clock;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();

    private record Failures(int count, Instant since) {}

    LoginRate(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether an address may try. */
    boolean allows(String address) {
        Failures failures = byAddress.get(address);
        return failures == null || isOver(failures) || failures.count() < MAX_FAILURES;
    }

    /** A try of this address has failed. */
    void failed(String address) {
        Failures before = byAddress.get(address);
        Failures now = before == null || isOver(before)
                ? new Failures(1, clock.instant())
                : new Failures(before.count() + 1, before.since());
        if (before == null && byAddress.size() >= MAX_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
        byAddress.put(address, now);
    }

    private boolean isOver(Failures failures) {
        return failures.since().plus(WINDOW).isBefore(clock.instant());
    }
}
