package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes with certificates in networks of their own, which are cut and healed; on loopback, and without that, where such networks
 * may not be made.
 */
@Timeout(600)
class PartitionIT {
    private static final String NO_CUT = "network namespaces, which can be cut off, need root";
    private static final int UNREACHABLE = 13;
    private static final int PARTIAL = 14;
    private static final long UNREACHABLE_AFTER_SECONDS = 10;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<ClusterNode> nodes = new ArrayList<>();
    private NodeNetwork network;

    @BeforeEach
    void join() throws IOException, InterruptedException {
        network = NodeNetwork.open(3);
        open.add(network);
        Bunctl files = new Bunctl();
        open.add(files);
        List<String> names = List.of("alpha", "beta", "gamma");
        NodeCertificates certificates =
                NodeCertificates.make(files.folder().resolve("tls"), names.toArray(String[]::new));
        List<String> join = List.of(network.member(1), network.member(2), network.member(3));
        for (String name : names) {
            int host = network.add();
            Map<String, Object> settings = new LinkedHashMap<>(certificates.of(name));
            settings.put("join", join);
            settings.put("unreachable_after_seconds", UNREACHABLE_AFTER_SECONDS);
            settings.putAll(network.endpoint(host));
            ClusterNode node = new ClusterNode(name, network.at(host), settings);
            open.add(node);
            nodes.add(node);
            node.start("api");
        }
        awaitAll();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private void awaitAll() {
        for (ClusterNode node : nodes) {
            node.awaitReach(nodes.stream().filter(other -> other != node).toArray(ClusterNode[]::new));
        }
    }

    @Test
    void cutLink_leavesEverybodyAtWork_andHealsWithoutARestart() {
        assumeTrue(network.canCut(), NO_CUT);
        ClusterNode alpha = nodes.get(0);
        ClusterNode beta = nodes.get(1);
        ClusterNode gamma = nodes.get(2);
        List<Long> daemons =
                nodes.stream().map(node -> node.bunctl().daemonPid()).toList();

        network.cut(3);
        alpha.awaitLoss(gamma);
        beta.awaitLoss(gamma);
        gamma.awaitLoss(alpha, beta);
        assertTrue(alpha.reaches(beta));

        Bunctl.Result view = alpha.run("status", "--nodes", "all", "--json").failedWith(PARTIAL);
        assertTrue(ClusterNode.answers(view).get("gamma").toString().contains("name=api"), view.out());
        alpha.run("restart", "gamma/api").failedWith(UNREACHABLE);
        alpha.run("restart", "beta/api").succeeded();

        long app = gamma.bunctl().pid("api:0");
        assertTrue(ProcessHandle.of(app).orElseThrow().destroyForcibly());
        gamma.bunctl()
                .awaitStatus(
                        "api:0",
                        now -> "online".equals(now.get("state"))
                                && !now.get("pid").equals(app));

        network.mend(3);
        awaitAll();
        gamma.run("restart", "api", "--nodes", "all").succeeded();
        alpha.run("restart", "gamma/api").succeeded();
        assertEquals(
                daemons, nodes.stream().map(node -> node.bunctl().daemonPid()).toList());
    }

    @Test
    void followOfALogBehindACut_isMarked_andGoesOnWithEveryLineOnce() throws Exception {
        assumeTrue(network.canCut(), NO_CUT);
        ClusterNode alpha = nodes.get(0);
        ClusterNode gamma = nodes.get(2);
        gamma.bunctl().write("count.sh", "n=0; while :; do echo \"tick $n.\"; n=$((n + 1)); sleep 0.1; done");
        gamma.run("start", "--name", "ticks", "--command", "sh count.sh").succeeded();
        Bunctl.Running follower =
                alpha.bunctl().start("logs", "ticks", "-f", "--raw", "-n", "1000000", "--nodes", "gamma");
        awaitTick(follower, 10);

        network.cut(3);
        Bunctl.await(
                () -> "the loss was told: " + Bunctl.read(follower.err()),
                () -> Bunctl.read(follower.err()).contains("gamma cannot be reached"));
        int told = (int) follower.printed().lines().count();
        gamma.bunctl().awaitLog("ticks-out.log", "tick " + (told + 20) + ".");
        assertFalse(follower.printed().contains("tick " + (told + 20) + "."));
        network.mend(3);
        awaitTick(follower, told + 40);

        List<String> lines = follower.printed().lines().toList();
        for (int number = 0; number < lines.size(); number++) {
            assertEquals("tick " + number + ".", lines.get(number));
        }
        assertTrue(Bunctl.read(follower.err()).contains("gamma is back"), Bunctl.read(follower.err()));
        follower.process().destroy();
        assertTrue(follower.process().waitFor() != 0);
    }

    private static void awaitTick(Bunctl.Running follower, int number) {
        Bunctl.await(
                () -> "tick " + number + " was followed: " + follower.printed() + Bunctl.read(follower.err()),
                () -> follower.printed().contains("tick " + number + ".\n"));
    }

    @Test
    void killedDaemon_comesBackAsTheSameNode() {
        ClusterNode alpha = nodes.get(0);
        ClusterNode beta = nodes.get(1);
        long killed = beta.bunctl().daemonPid();
        long app = beta.bunctl().pid("api:0");
        assertTrue(ProcessHandle.of(killed).orElseThrow().destroyForcibly());
        Bunctl.await(() -> "another daemon answers", () -> {
            Bunctl.Result pong = beta.run("ping", "--json");
            return pong.exit() == 0 && !Long.valueOf(killed).equals(pong.json().get("daemon_pid"));
        });
        awaitAll();
        Bunctl.Result view = alpha.run("status", "--nodes", "beta", "--json").succeeded();
        assertTrue(view.out().contains("\"pid\":" + app), view.out());
    }

    @Test
    void pausedNode_isUnreachable_andDoesNothingTwice() throws Exception {
        ClusterNode alpha = nodes.get(0);
        ClusterNode beta = nodes.get(1);
        long daemon = beta.bunctl().daemonPid();
        signal("STOP", daemon);
        try {
            // Sent while nobody knows that it does not listen: answered when that is known.
            alpha.run("restart", "beta/api").failedWith(UNREACHABLE);
            alpha.awaitLoss(beta);
        } finally {
            signal("CONT", daemon);
        }
        awaitAll();
        alpha.run("restart", "beta/api").succeeded();
        // The one from before the pause may have been done, once, or not.
        Object generation = beta.bunctl().status("api:0").get("generation");
        assertTrue(
                Long.valueOf(2).equals(generation) || Long.valueOf(3).equals(generation), "generation " + generation);
        assertEquals(daemon, beta.bunctl().daemonPid());
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertTrue(kill.waitFor(30, TimeUnit.SECONDS) && kill.exitValue() == 0, "kill -" + name);
    }
}
