package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.bridge.preload.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Daemons of two homes as nodes of one cluster, on loopback. */
@Timeout(300)
class ClusterIT {
    /** However busy the host is. */
    private static final long NEVER_HERE = 120;

    private static final int NO_NODE = 5;
    private static final int FORBIDDEN = 6;
    private static final int UNREACHABLE = 13;
    private static final int PARTIAL = 14;

    private final List<AutoCloseable> open = new ArrayList<>();
    private int ports;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private Bunctl daemon(String app) {
        Bunctl bunctl = new Bunctl();
        open.add(bunctl);
        bunctl.run("start", "--name", app, "--command", "sleep 100000").succeeded();
        return bunctl;
    }

    private ClusterNode node(String name, int number, String app, Map<String, Object> more) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("join", List.of(member(0), member(1)));
        settings.put("port", (long) port(number));
        settings.put("unreachable_after_seconds", NEVER_HERE);
        settings.putAll(more);
        ClusterNode node = new ClusterNode(name, List.of(), settings);
        open.add(node);
        node.start(app);
        return node;
    }

    private int port(int number) {
        return ports + 2 * number;
    }

    private String member(int number) {
        return "127.0.0.1:" + port(number);
    }

    private void reserve() throws IOException {
        ports = FreePorts.several(4);
    }

    private static boolean reaches(Bunctl bunctl, String node) {
        return bunctl.run("nodes", "--json").out().contains("{\"node\":\"" + node + "\",\"reachable\":true");
    }

    @Test
    void enable_makesANode_thatSeesTheOther_andDisableEndsIt() throws Exception {
        reserve();
        Bunctl alpha = daemon("web");
        assertEquals(UNREACHABLE, alpha.run("status", "--nodes", "all").exit());
        assertFalse(Files.exists(alpha.home().resolve("daemon.json")));
        Bunctl beta = daemon("api");
        String join = member(0) + "," + member(1);
        alpha.run("cluster", "enable", "--node", "alpha", "--join", join, "--port", Integer.toString(port(0)))
                .succeeded();
        beta.run("cluster", "enable", "--node", "beta", "--join", join, "--port", Integer.toString(port(1)))
                .succeeded();
        Bunctl.await(() -> "alpha reaches beta\n" + alpha.daemonLog(), () -> reaches(alpha, "beta"));
        Bunctl.await(() -> "beta reaches alpha\n" + beta.daemonLog(), () -> reaches(beta, "alpha"));

        Bunctl.Result all = alpha.run("status", "--nodes", "all", "--json").succeeded();
        assertEquals(Set.of("alpha", "beta"), ClusterNode.answers(all).keySet());
        assertTrue(ClusterNode.answers(all).get("beta").toString().contains("name=api"), all.out());
        assertTrue(ClusterNode.answers(all).get("alpha").toString().contains("name=web"), all.out());

        beta.run("cluster", "disable").succeeded();
        Bunctl.await(
                () -> "alpha forgets beta\n" + alpha.daemonLog(),
                () -> !alpha.run("nodes", "--json").out().contains("beta"));
        assertEquals(NO_NODE, alpha.run("restart", "beta/api").exit());
        assertEquals(UNREACHABLE, beta.run("status", "--nodes", "all").exit());
    }

    @Test
    void actions_areDoneByTheNodesNamed_withResultsOfEach() throws Exception {
        reserve();
        ClusterNode alpha = node("alpha", 0, "api", Map.of());
        ClusterNode beta = node("beta", 1, "api", Map.of());
        alpha.awaitReach(beta);
        long here = alpha.bunctl().pid("api:0");
        long there = beta.bunctl().pid("api:0");

        alpha.run("restart", "beta/api").succeeded();
        assertEquals(here, alpha.bunctl().pid("api:0"));
        assertFalse(there == beta.bunctl().pid("api:0"), "it was restarted");

        alpha.run("stop", "api", "--nodes", "all").succeeded();
        assertEquals("stopped", alpha.bunctl().status("api:0").get("state"));
        assertEquals("stopped", beta.bunctl().status("api:0").get("state"));
        alpha.run("start", "api", "--nodes", "beta").succeeded();
        beta.bunctl().awaitStatus("api:0", app -> "online".equals(app.get("state")));
        assertEquals("stopped", alpha.bunctl().status("api:0").get("state"));

        assertTrue(alpha.run("describe", "beta/api").succeeded().out().contains("sleep 100000"));
        alpha.run("scale", "beta/api", "2").succeeded();
        assertEquals(2, beta.bunctl().status().size());
        alpha.run("restart", "gamma/api").failedWith(NO_NODE);
        beta.run("start", "--name", "other", "--command", "sleep 100000").succeeded();
        alpha.run("restart", "other", "--nodes", "all").failedWith(PARTIAL);
        alpha.run("restart", "nothing", "--nodes", "all").failedWith(4);
    }

    @Test
    void commands_areAllowedAndAuditedByTheNodeThatDoesThem() throws Exception {
        reserve();
        ClusterNode alpha = node("alpha", 0, "web", Map.of());
        ClusterNode beta = node("beta", 1, "api", Map.of("peer_role", "observer"));
        alpha.awaitReach(beta);
        beta.awaitReach(alpha);

        alpha.run("restart", "beta/api").failedWith(FORBIDDEN);
        alpha.run("describe", "beta/api").succeeded();
        beta.run("restart", "alpha/web").succeeded();
        beta.run("delete", "alpha/web").failedWith(FORBIDDEN);
        assertEquals("online", alpha.bunctl().status("web:0").get("state"));

        String audited = Files.readString(beta.bunctl().home().resolve("audit.log"));
        assertTrue(
                audited.lines()
                        .anyMatch(line -> line.contains("\"from\":\"node alpha\"")
                                && line.contains("\"command\":\"restart\"")
                                && line.contains("\"code\":\"FORBIDDEN\"")),
                audited);
    }

    @Test
    void memberWithoutAValidCertificate_seesNothingAndCommandsNothing() throws Exception {
        reserve();
        Bunctl files = new Bunctl();
        open.add(files);
        NodeCertificates ours = NodeCertificates.make(files.folder().resolve("ours"), "alpha", "mallory");
        NodeCertificates theirs = NodeCertificates.make(files.folder().resolve("theirs"), "mallory");
        ClusterNode alpha = node("alpha", 0, "api", ours.of("alpha"));
        Map<String, Object> wrong = new LinkedHashMap<>(theirs.of("mallory"));
        wrong.put("ca", ours.of("mallory").get("ca"));
        ClusterNode mallory = node("mallory", 1, "evil", wrong);
        // Hazelcast itself lets everybody in; both say that there is somebody whom they have not heard.
        for (ClusterNode each : List.of(alpha, mallory)) {
            Bunctl.await(
                    () -> each.name() + " has a member that it did not hear\n"
                            + each.bunctl().daemonLog(),
                    () -> each.run("nodes").err().contains("no valid certificate"));
        }
        // Each change of an app is told to every member: alpha must not tell it to whoever cannot show who it is.
        for (int times = 0; times < 5; times++) {
            alpha.run("restart", "api").succeeded();
        }
        Bunctl.await(
                () -> "mallory was refused\n" + mallory.bunctl().daemonLog(),
                () -> mallory.bunctl().daemonLog().contains("certificate_unknown"));
        assertEquals(NO_NODE, mallory.run("stop", "alpha/api").exit());
        assertEquals(
                Set.of("mallory"),
                ClusterNode.answers(mallory.run("status", "--nodes", "all", "--json"))
                        .keySet());
        assertEquals(
                Set.of("alpha"),
                ClusterNode.answers(alpha.run("status", "--nodes", "all", "--json"))
                        .keySet());
        assertEquals("online", alpha.bunctl().status("api:0").get("state"));
    }

    @Test
    void certificateOfAnotherNode_isRefusedBeforeAnythingIsSaved() throws Exception {
        reserve();
        Bunctl alpha = daemon("web");
        Map<String, Object> files =
                NodeCertificates.make(alpha.folder().resolve("tls"), "beta").of("beta");
        List<String> words = new ArrayList<>(List.of("cluster", "enable", "--node", "alpha", "--join", member(0)));
        words.addAll(List.of("--port", Integer.toString(port(0))));
        for (Map.Entry<String, String> option :
                Map.of("--cert", "certificate", "--key", "key", "--ca", "ca").entrySet()) {
            words.addAll(List.of(option.getKey(), String.valueOf(files.get(option.getValue()))));
        }
        Bunctl.Result refused = alpha.run(words.toArray(String[]::new)).failedWith(12);
        assertTrue(refused.err().contains("is for [beta], not for the node alpha"), refused.err());
        assertFalse(Files.exists(alpha.home().resolve("daemon.json")));
    }

    /** {@code -Dbunctl.former} is a distribution of an earlier version; {@code .ci/former} builds that of the commit before. */
    @Test
    void nodeOfTheFormerVersion_isSeen_steered_andSteers() throws Exception {
        String former = System.getProperty("bunctl.former", "");
        assumeTrue(!former.isEmpty(), "no former version was given by -Dbunctl.former");
        assumeTrue(Files.isDirectory(Path.of(former, "lib/cluster")), "the former version knows no clusters");
        reserve();
        ClusterNode alpha = node("alpha", 0, "web", Map.of());
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("join", List.of(member(0), member(1)));
        settings.put("port", (long) port(1));
        settings.put("unreachable_after_seconds", NEVER_HERE);
        ClusterNode beta = new ClusterNode("beta", List.of(), settings, new Bunctl(Path.of(former)));
        open.add(beta);
        beta.start("api");
        alpha.awaitReach(beta);
        beta.awaitReach(alpha);

        long before = beta.bunctl().pid("api:0");
        alpha.run("restart", "beta/api").succeeded();
        assertFalse(before == beta.bunctl().pid("api:0"), "it was restarted");
        assertTrue(alpha.run("describe", "beta/api").succeeded().out().contains("sleep 100000"));
        beta.run("stop", "alpha/web").succeeded();
        assertEquals("stopped", alpha.bunctl().status("web:0").get("state"));
        for (ClusterNode each : List.of(alpha, beta)) {
            Bunctl.Result all = each.run("status", "--nodes", "all", "--json").succeeded();
            assertEquals(Set.of("alpha", "beta"), ClusterNode.answers(all).keySet());
        }
        // What the former version does not know yet is refused, and said so.
        Bunctl.Result logs = alpha.run("logs", "beta/api");
        assertTrue(
                logs.exit() == 0 || logs.err().contains("beta: bunctl: no command is called 'open_logs'"), logs::err);
    }

    @Test
    void withoutCertificates_onlyLoopbackIsAllowed() throws Exception {
        reserve();
        Bunctl alpha = daemon("web");
        Bunctl.Result refused = alpha.run(
                        "cluster", "enable", "--node", "alpha", "--join", "10.0.0.2", "--interface", "10.0.0.1")
                .failedWith(3);
        assertTrue(refused.err().contains("certificate"), refused.err());
        assertFalse(Files.exists(alpha.home().resolve("daemon.json")));
    }
}
