package dev.bunctl.conf.daemon;

/**
 * The web page, its SockJS bridge and the metrics, all on one port.
 *
 * @param enabled whether it listens
 * @param endpoint where
 * @param tls how its connections are encrypted; on loopback they need not be
 * @param openMetrics whether {@code /metrics} is answered without a token
 */
public record WebSettings(boolean enabled, Endpoint endpoint, Tls tls, boolean openMetrics) {
    /** Where it listens unless told otherwise. */
    public static final int DEFAULT_PORT = 9615;

    /** Off; plain HTTP on loopback when it is turned on. */
    public static final WebSettings DEFAULT =
            new WebSettings(false, new Endpoint(Endpoint.LOOPBACK, DEFAULT_PORT), Tls.NONE, false);

    /** @throws IllegalArgumentException when it would be unencrypted off loopback */
    public WebSettings {
        endpoint.requireSafe(tls);
    }
}
