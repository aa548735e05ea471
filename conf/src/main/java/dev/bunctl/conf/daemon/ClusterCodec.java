package dev.bunctl.conf.daemon;

import dev.bunctl.conf.daemon.ClusterSettings.PeerRole;
import dev.bunctl.conf.field.JsonText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The form of the {@code cluster} of {@code daemon.json}. */
final class ClusterCodec {
    private static final Endpoint ENDPOINT = new Endpoint(Endpoint.LOOPBACK, ClusterSettings.DEFAULT_PORT);

    private ClusterCodec() {}

    static Optional<ClusterSettings> read(SettingsReader reader) {
        boolean enabled = reader.flag("enabled", true);
        String node = reader.text("node", "the name of this node").orElse("");
        List<String> join = reader.texts("join");
        Endpoint endpoint = reader.endpoint(ENDPOINT);
        int busPort = (int) reader.number("bus_port", endpoint.port() + 1L, 1, Endpoint.MAX_PORT);
        Optional<Path> certificate = reader.file("certificate");
        Optional<Path> key = reader.file("key");
        Optional<Path> authority = reader.file("ca");
        String peers = reader.text("peer_role", "observer, operator or admin").orElse(name(PeerRole.OPERATOR));
        Duration silence = Duration.ofSeconds(reader.number(
                "unreachable_after_seconds",
                ClusterSettings.DEFAULT_UNREACHABLE_AFTER.toSeconds(),
                ClusterSettings.MIN_UNREACHABLE_AFTER.toSeconds(),
                ClusterSettings.MAX_UNREACHABLE_AFTER.toSeconds()));
        Optional<Path> hazelcast = reader.file("hazelcast");
        reader.refuseOthers();
        return reader.checked(
                () -> Optional.of(new ClusterSettings(
                        enabled,
                        node,
                        join,
                        endpoint,
                        busPort,
                        tls(certificate, key, authority),
                        role(peers),
                        silence,
                        hazelcast)),
                Optional.empty());
    }

    private static Optional<MutualTls> tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> authority) {
        if (certificate.isEmpty() && key.isEmpty() && authority.isEmpty()) {
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty() || authority.isEmpty()) {
            throw new IllegalArgumentException("'certificate', 'key' and 'ca' go together");
        }
        return Optional.of(new MutualTls(certificate.get(), key.get(), authority.get()));
    }

    private static PeerRole role(String text) {
        for (PeerRole role : PeerRole.values()) {
            if (name(role).equals(text)) {
                return role;
            }
        }
        throw new IllegalArgumentException("'peer_role': observer, operator or admin expected, not '" + text + "'");
    }

    private static String name(PeerRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    static void print(ClusterSettings cluster, StringBuilder text) {
        text.append(",\n  \"cluster\": {\n    \"enabled\": ").append(cluster.enabled());
        DaemonSettingsCodec.quoted("node", cluster.node(), text);
        text.append(",\n    \"join\": [");
        for (int at = 0; at < cluster.join().size(); at++) {
            JsonText.quote(cluster.join().get(at), text.append(at == 0 ? "" : ", "));
        }
        text.append(']');
        DaemonSettingsCodec.quoted("address", cluster.endpoint().address(), text);
        text.append(",\n    \"port\": ").append(cluster.endpoint().port());
        text.append(",\n    \"bus_port\": ").append(cluster.busPort());
        cluster.tls().ifPresent(tls -> {
            DaemonSettingsCodec.quoted("certificate", tls.certificate().toString(), text);
            DaemonSettingsCodec.quoted("key", tls.key().toString(), text);
            DaemonSettingsCodec.quoted("ca", tls.authority().toString(), text);
        });
        DaemonSettingsCodec.quoted("peer_role", name(cluster.peers()), text);
        text.append(",\n    \"unreachable_after_seconds\": ")
                .append(cluster.unreachableAfter().toSeconds());
        cluster.hazelcast().ifPresent(file -> DaemonSettingsCodec.quoted("hazelcast", file.toString(), text));
        text.append("\n  }");
    }
}
