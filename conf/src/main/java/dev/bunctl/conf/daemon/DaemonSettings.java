package dev.bunctl.conf.daemon;

/**
 * How a daemon is reached beside its Unix socket. Kept in {@code <home>/daemon.json}, see {@link DaemonSettingsCodec}.
 *
 * @param bridge the event-bus bridge over TCP
 * @param web the web page, its SockJS bridge and the metrics
 */
public record DaemonSettings(BridgeSettings bridge, WebSettings web) {
    /** Nothing is open. */
    public static final DaemonSettings DEFAULT = new DaemonSettings(BridgeSettings.DEFAULT, WebSettings.DEFAULT);

    /** The same with another bridge. */
    public DaemonSettings with(BridgeSettings other) {
        return new DaemonSettings(other, web);
    }

    /** The same with another web server. */
    public DaemonSettings with(WebSettings other) {
        return new DaemonSettings(bridge, other);
    }
}
