package dev.bunctl.conf.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DaemonSettingsCodecTest {
    private static DaemonSettings read(String text) throws ConfigException {
        return DaemonSettingsCodec.read(text, "daemon.json");
    }

    private static List<String> problemsOf(String text) {
        ConfigException refused = assertThrows(ConfigException.class, () -> read(text));
        return refused.problems().stream().map(Object::toString).toList();
    }

    @Test
    void everySetting_isReadBackAsItWasWritten() throws ConfigException {
        Tls files = new Tls(
                new Tls.Certificate.Files(Path.of("/etc/a \"b\".pem"), Path.of("/etc/key.pem")),
                Optional.of(Path.of("/etc/ca.pem")));
        for (DaemonSettings settings : List.of(
                DaemonSettings.DEFAULT,
                new DaemonSettings(
                        new BridgeSettings(true, new Endpoint("::", 0), files),
                        new WebSettings(true, new Endpoint("0.0.0.0", 443), Tls.OWN, true)),
                new DaemonSettings(
                        new BridgeSettings(true, new Endpoint("localhost", 1), Tls.NONE),
                        new WebSettings(true, new Endpoint("::1", 65_535), files, false)))) {
            assertEquals(settings, read(DaemonSettingsCodec.print(settings)));
        }
    }

    private static ClusterSettings cluster(Optional<MutualTls> tls, String address) {
        return new ClusterSettings(
                true,
                "alpha",
                List.of("10.0.0.2", "beta.example:9000"),
                new Endpoint(address, 9617),
                9700,
                tls,
                ClusterSettings.PeerRole.OBSERVER,
                Duration.ofSeconds(3),
                Optional.of(Path.of("/etc/hazelcast.xml")));
    }

    @Test
    void cluster_isReadBackAsItWasWritten() throws ConfigException {
        MutualTls tls = new MutualTls(Path.of("/a.pem"), Path.of("/a.key"), Path.of("/ca.pem"));
        for (ClusterSettings cluster : List.of(
                cluster(Optional.of(tls), "10.0.0.1"),
                cluster(Optional.empty(), "127.0.0.1").enabled(false))) {
            DaemonSettings settings = DaemonSettings.DEFAULT.with(cluster);
            assertEquals(settings, read(DaemonSettingsCodec.print(settings)));
        }
    }

    /** Its comments say what the defaults are, so it shows them. */
    @Test
    void exampleOfACluster_isValid_andShowsTheDefaults() throws Exception {
        Path example = Path.of("examples/cluster/daemon.json");
        ClusterSettings cluster = read(Files.readString(example)).cluster().orElseThrow();
        assertEquals("alpha", cluster.node());
        assertEquals(new Endpoint("10.0.0.1", ClusterSettings.DEFAULT_PORT), cluster.endpoint());
        assertEquals(ClusterSettings.DEFAULT_PORT + 1, cluster.busPort());
        assertEquals(ClusterSettings.PeerRole.OPERATOR, cluster.peers());
        assertEquals(ClusterSettings.DEFAULT_UNREACHABLE_AFTER, cluster.unreachableAfter());
        assertTrue(cluster.enabled() && cluster.tls().isPresent());
    }

    @Test
    void cluster_ofNodeAndHostsAlone_isOnLoopback_andGivesOthersTheRoleOfAnOperator() throws ConfigException {
        ClusterSettings cluster = read("{\"cluster\": {\"node\": \"a\", \"join\": [\"b\"]}}")
                .cluster()
                .orElseThrow();
        assertEquals(new Endpoint("127.0.0.1", 9617), cluster.endpoint());
        assertEquals(9618, cluster.busPort());
        assertEquals(ClusterSettings.PeerRole.OPERATOR, cluster.peers());
        assertEquals(ClusterSettings.DEFAULT_UNREACHABLE_AFTER, cluster.unreachableAfter());
    }

    @Test
    void cluster_thatMakesNoSense_isRefused() {
        assertTrue(problemsOf("{\"cluster\": {\"node\": \"all\", \"join\": [\"b\"]}}")
                .toString()
                .contains("name"));
        assertTrue(problemsOf("{\"cluster\": {\"node\": \"a\"}}").toString().contains("join"));
        assertTrue(problemsOf("{\"cluster\": {\"node\": \"a\", \"join\": [\"<b>\"]}}")
                .toString()
                .contains("HOST"));
        assertTrue(problemsOf("{\"cluster\": {\"node\": \"a\", \"join\": [\"b\"], \"address\": \"10.0.0.1\"}}")
                .toString()
                .contains("certificate"));
        assertTrue(problemsOf("{\"cluster\": {\"node\": \"a\", \"join\": [\"b\"], \"key\": \"/k\"}}")
                .toString()
                .contains("go together"));
        assertTrue(problemsOf("{\"cluster\": {\"node\": \"a\", \"join\": [\"b\"], \"peer_role\": \"god\"}}")
                .toString()
                .contains("peer_role"));
    }

    @Test
    void whatIsLeftOut_hasItsDefault_andIsOff() throws ConfigException {
        assertEquals(DaemonSettings.DEFAULT, read("{}"));
        assertEquals(
                new BridgeSettings(true, new Endpoint("127.0.0.1", 9616), Tls.OWN),
                read("{\"bridge\": {\"enabled\": true}}").bridge());
    }

    @Test
    void webOffLoopback_isEncryptedUnlessTold() throws ConfigException {
        assertEquals(
                Tls.OWN, read("{\"web\": {\"address\": \"10.0.0.1\"}}").web().tls());
        assertEquals(Tls.NONE, read("{\"web\": {\"address\": \"::1\"}}").web().tls());
    }

    @Test
    void unencryptedOffLoopback_isRefusedWhereItStands() {
        for (String server : List.of("bridge", "web")) {
            List<String> problems =
                    problemsOf("{\n \"" + server + "\": {\"address\": \"0.0.0.0\", \"tls\": \"none\"}\n}");

            assertEquals(1, problems.size(), problems.toString());
            assertTrue(problems.getFirst().startsWith("daemon.json:2:"), problems.getFirst());
            assertTrue(problems.getFirst().contains("TLS is needed on 0.0.0.0"), problems.getFirst());
        }
    }

    @Test
    void everyProblem_isToldWithItsLine() {
        List<String> problems = problemsOf("""
                {"version": 1,
                 "bridge": {"port": 65536,
                            "address": "example.org",
                            "enabled": "yes"},
                 "web": {"tls": "files", "certificate": "a.pem",
                         "metrics": true},
                 "webb": 1}
                """);

        assertEquals(
                List.of(
                        "daemon.json:2:21: 'bridge.port': a whole number of 0 to 65535 expected, not 65536",
                        "daemon.json:3:24: an IP address or localhost expected, not 'example.org'",
                        "daemon.json:4:24: 'bridge.enabled': true or false expected, not 'yes'",
                        "daemon.json:5:17: 'certificate' and 'key' are both needed",
                        "daemon.json:6:10: unknown field 'web.metrics'",
                        "daemon.json:7:2: unknown field 'webb'"),
                problems.stream().sorted().toList());
    }

    @Test
    void relativePaths_otherVersions_andOtherForms_areRefused() {
        assertTrue(problemsOf("{\"bridge\": {\"certificate\": \"a\", \"key\": \"/k\"}}")
                .getFirst()
                .contains("an absolute path expected, not 'a'"));
        assertTrue(problemsOf("{\"bridge\": {\"tls\": \"none\", \"client_ca\": \"/ca\"}}")
                .getFirst()
                .contains("client_ca goes with TLS only"));
        assertTrue(problemsOf("{\"version\": 2}").getFirst().contains("later version"));
        assertTrue(problemsOf("[]").getFirst().contains("an object expected"));
        assertTrue(problemsOf("{\"web\": 1}").getFirst().contains("an object expected"));
        assertTrue(problemsOf("{").getFirst().contains("not valid JSON"));
        assertTrue(problemsOf("{\"bridge\": {\"tls\": \"tsl\"}}").getFirst().contains("not 'tsl'"));
    }

    @Test
    void onlyLiteralAddresses_areTaken_andLoopbackIsKnown() {
        assertTrue(new Endpoint("127.3.2.1", 1).isLoopback());
        assertTrue(new Endpoint("::1", 1).isLoopback());
        assertTrue(new Endpoint("localhost", 1).isLoopback());
        assertEquals("[::1]:9616", new Endpoint("::1", 9616).toString());
        for (String name : List.of("localhost.example.org", "", "127.0.0.1:80", "web")) {
            assertThrows(IllegalArgumentException.class, () -> new Endpoint(name, 1), name);
        }
    }
}
