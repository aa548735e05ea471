package dev.bunctl.conf.daemon;

/**
 * The event-bus bridge over TCP, which other hosts and other languages speak.
 *
 * @param enabled whether it listens
 * @param endpoint where
 * @param tls how its connections are encrypted
 */
public record BridgeSettings(boolean enabled, Endpoint endpoint, Tls tls) {
    /** Where it listens unless told otherwise. */
    public static final int DEFAULT_PORT = 9616;

    /** Off; on loopback with a certificate of its own when it is turned on. */
    public static final BridgeSettings DEFAULT =
            new BridgeSettings(false, new Endpoint(Endpoint.LOOPBACK, DEFAULT_PORT), Tls.OWN);

    /** @throws IllegalArgumentException when it would be unencrypted off loopback */
    public BridgeSettings {
        endpoint.requireSafe(tls);
    }
}
