package dev.bunctl.conf.daemon;

import java.util.Optional;

/**
 * How a daemon is reached beside its Unix socket. Kept in {@code <home>/daemon.json}, see {@link DaemonSettingsCodec}.
 *
 * @param bridge the event-bus bridge over TCP
 * @param web the web page, its SockJS bridge and the metrics
 * @param cluster the cluster that it is a node of, or was; empty when there never was one
 */
public record DaemonSettings(BridgeSettings bridge, WebSettings web, Optional<ClusterSettings> cluster) {
    /** Nothing is open. */
    public static final DaemonSettings DEFAULT =
            new DaemonSettings(BridgeSettings.DEFAULT, WebSettings.DEFAULT, Optional.empty());

    /** In no cluster. */
    public DaemonSettings(BridgeSettings bridge, WebSettings web) {
        this(bridge, web, Optional.empty());
    }

    /** The same with another bridge. */
    public DaemonSettings with(BridgeSettings other) {
        return new DaemonSettings(other, web, cluster);
    }

    /** The same with another web server. */
    public DaemonSettings with(WebSettings other) {
        return new DaemonSettings(bridge, other, cluster);
    }

    /** The same with another cluster. */
    public DaemonSettings with(ClusterSettings other) {
        return new DaemonSettings(bridge, web, Optional.of(other));
    }
}
