package dev.bunctl.conf.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The cluster that this daemon is a node of.
 *
 * @param enabled whether it joins
 * @param node what this node is called; no two of a cluster are called the same
 * @param join hosts, with a port where it is not {@code endpoint}'s, by which the others are found
 * @param endpoint the address of this host that nodes reach it by, and the port of the membership
 * @param busPort port of the commands, views and lines between nodes, on the same address
 * @param tls how these are encrypted; empty on loopback only
 * @param peers the most that somebody at another node may do here
 * @param unreachableAfter silence after which a node counts as unreachable
 * @param hazelcast absolute path of a settings file that takes the place of the one that is made from these, or empty
 */
public record ClusterSettings(
        boolean enabled,
        String node,
        List<String> join,
        Endpoint endpoint,
        int busPort,
        Optional<MutualTls> tls,
        PeerRole peers,
        Duration unreachableAfter,
        Optional<Path> hazelcast) {
    /** Port of the membership unless told otherwise; the one behind it is that of the commands. */
    public static final int DEFAULT_PORT = 9617;

    public static final int MAX_JOIN = 64;
    public static final Duration DEFAULT_UNREACHABLE_AFTER = Duration.ofSeconds(15);

    /** Below, a busy host would be taken for a dead one. */
    public static final Duration MIN_UNREACHABLE_AFTER = Duration.ofSeconds(2);

    public static final Duration MAX_UNREACHABLE_AFTER = Duration.ofMinutes(10);

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";
    private static final String HOST =
            "[A-Za-z0-9][A-Za-z0-9._-]{0,252}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}\\](:[0-9]{1,5})?";

    /** What may be asked by way of another node; each includes those before it. */
    public enum PeerRole {
        OBSERVER,
        OPERATOR,
        ADMIN
    }

    /** @throws IllegalArgumentException when a name, host or port makes no sense, or it would be unencrypted off loopback */
    public ClusterSettings {
        join = List.copyOf(join);
        if (!isName(node)) {
            throw new IllegalArgumentException(
                    "a node's name has 1 to 63 letters, digits, - and _, and is not 'all', not '" + node + "'");
        }
        if (join.isEmpty() || join.size() > MAX_JOIN) {
            throw new IllegalArgumentException("1 to " + MAX_JOIN + " hosts to join expected");
        }
        for (String host : join) {
            if (!host.matches(HOST)) {
                throw new IllegalArgumentException("a HOST or HOST:PORT to join expected, not '" + host + "'");
            }
        }
        if (endpoint.port() < 1 || busPort < 1 || busPort > Endpoint.MAX_PORT || busPort == endpoint.port()) {
            throw new IllegalArgumentException("two different ports of 1 to " + Endpoint.MAX_PORT + " expected");
        }
        if (tls.isEmpty() && !endpoint.isLoopback()) {
            throw new IllegalArgumentException("certificate, key and ca are needed on " + endpoint.address()
                    + ": only nodes on loopback may go without");
        }
        if (unreachableAfter.compareTo(MIN_UNREACHABLE_AFTER) < 0
                || unreachableAfter.compareTo(MAX_UNREACHABLE_AFTER) > 0) {
            throw new IllegalArgumentException("a node is unreachable after " + MIN_UNREACHABLE_AFTER.toSeconds()
                    + " to " + MAX_UNREACHABLE_AFTER.toSeconds() + " seconds");
        }
        if (hazelcast.isPresent() && !hazelcast.get().isAbsolute()) {
            throw new IllegalArgumentException("'hazelcast': an absolute path expected, not '" + hazelcast.get() + "'");
        }
    }

    /** Whether a node can be called so. */
    public static boolean isName(String text) {
        return text.matches(NAME) && !text.equals("all");
    }

    /** The same, turned on or off. */
    public ClusterSettings enabled(boolean on) {
        return new ClusterSettings(on, node, join, endpoint, busPort, tls, peers, unreachableAfter, hazelcast);
    }
}
