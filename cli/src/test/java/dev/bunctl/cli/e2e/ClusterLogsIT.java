package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.preload.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs of all nodes at one of them. */
@Timeout(600)
class ClusterLogsIT {
    private static final int UNKNOWN_APP = 4;
    private static final int NO_NODE = 5;
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

    private ClusterNode node(String name, int number, Map<String, Object> more) throws IOException {
        if (ports == 0) {
            ports = FreePorts.several(4);
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("join", List.of("127.0.0.1:" + ports, "127.0.0.1:" + (ports + 2)));
        settings.put("port", (long) ports + 2L * number);
        settings.put("unreachable_after_seconds", 15L);
        settings.putAll(more);
        ClusterNode node = new ClusterNode(name, List.of(), settings);
        open.add(node);
        return node;
    }

    /** Prints what is written into {@code words}, a line at a time, and goes on there when it is started again. */
    private static void startEcho(ClusterNode node, String app) {
        node.bunctl().write("words", "");
        node.run("start", "--name", app, "--command", "tail -n +1 -f words").succeeded();
    }

    private static void say(ClusterNode node, String... lines) throws IOException {
        Files.writeString(
                node.bunctl().folder().resolve("words"),
                String.join("\n", lines) + "\n",
                java.nio.file.StandardOpenOption.APPEND);
    }

    private static void awaitLine(Bunctl.Running follower, String line) {
        Bunctl.await(
                () -> "'" + line + "' was followed: " + follower.printed() + Bunctl.read(follower.err()),
                () -> follower.printed().contains(line + "\n"));
    }

    private static long count(Bunctl.Running follower, String text) {
        return follower.printed().lines().filter(line -> line.contains(text)).count();
    }

    private static String[] numbered(String word, int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> word + number + ".").toArray(String[]::new);
    }

    @Test
    void lines_areMerged_withTheNameOfTheNode_andItsDaemonAllowsAndRemembers() throws Exception {
        ClusterNode alpha = node("alpha", 0, Map.of());
        ClusterNode beta = node("beta", 1, Map.of("peer_role", "observer"));
        startEcho(alpha, "web");
        startEcho(beta, "api");
        alpha.awaitReach(beta);
        say(alpha, "first");
        alpha.bunctl().awaitLog("web-out.log", "first\n");
        say(beta, "second", "other");
        beta.bunctl().awaitLog("api-out.log", "other\n");
        say(alpha, "third");
        alpha.bunctl().awaitLog("web-out.log", "third\n");

        assertEquals(
                "alpha/web:0 | first\nbeta/api:0  | second\nbeta/api:0  | other\nalpha/web:0 | third\n",
                alpha.run("logs", "--nodes", "all").succeeded().out());
        assertEquals(
                "second\n",
                alpha.run("logs", "beta/api", "--grep", "sec", "--raw")
                        .succeeded()
                        .out());
        Bunctl.Result json =
                alpha.run("logs", "beta/api", "-n", "1", "--json", "--out").succeeded();
        assertEquals("beta", json.json().get("node"));
        assertEquals("other", json.json().get("line"));
        Bunctl.Result partial =
                alpha.run("logs", "api", "--nodes", "all", "--raw").failedWith(PARTIAL);
        assertEquals("second\nother\n", partial.out());
        assertTrue(partial.err().startsWith("alpha: bunctl: "), partial.err());
        alpha.run("logs", "nothing", "--nodes", "all").failedWith(UNKNOWN_APP);
        alpha.run("logs", "gamma/api").failedWith(NO_NODE);

        String audited = Files.readString(beta.bunctl().home().resolve("audit.log"));
        assertTrue(
                audited.lines()
                        .anyMatch(line -> line.contains("\"from\":\"node alpha\"")
                                && line.contains("\"command\":\"open_logs\"")
                                && line.contains("\"result\":\"done\"")),
                audited);
    }

    @Test
    void follow_goesOnWithEveryLineOnce_whenANodeWasKilled_andWhenItsOwnDaemonWas() throws Exception {
        ClusterNode alpha = node("alpha", 0, Map.of());
        ClusterNode beta = node("beta", 1, Map.of());
        startEcho(alpha, "web");
        startEcho(beta, "api");
        alpha.awaitReach(beta);
        Bunctl.Running follower = alpha.bunctl().start("logs", "-f", "-n", "1000", "--nodes", "all");
        say(alpha, numbered("a", 0, 100));
        say(beta, numbered("b", 0, 100));
        awaitLine(follower, "alpha/web:0 | a99.");
        awaitLine(follower, "beta/api:0  | b99.");

        HostProcesses.signal("KILL", beta.bunctl().daemonPid());
        Bunctl.await(
                () -> "the loss was told: " + Bunctl.read(follower.err()),
                () -> Bunctl.read(follower.err()).contains("beta cannot be reached"));
        say(beta, numbered("b", 100, 200));
        say(alpha, numbered("a", 100, 200));
        awaitLine(follower, "alpha/web:0 | a199.");
        awaitLine(follower, "beta/api:0  | b199.");
        assertTrue(Bunctl.read(follower.err()).contains("beta is back"), Bunctl.read(follower.err()));

        HostProcesses.signal("KILL", alpha.bunctl().daemonPid());
        say(beta, numbered("b", 200, 300));
        say(alpha, numbered("a", 200, 300));
        awaitLine(follower, "alpha/web:0 | a299.");
        awaitLine(follower, "beta/api:0  | b299.");
        for (int number = 0; number < 300; number++) {
            assertEquals(1, count(follower, " a" + number + "."), "a" + number);
            assertEquals(1, count(follower, " b" + number + "."), "b" + number);
        }
        follower.process().destroy();
        assertTrue(follower.process().waitFor() != 0);
    }

    @Test
    void pausedNode_isMarked_andItsLinesComeWhenItGoesOn() throws Exception {
        ClusterNode alpha = node("alpha", 0, Map.of());
        ClusterNode beta = node("beta", 1, Map.of());
        startEcho(alpha, "web");
        startEcho(beta, "api");
        alpha.awaitReach(beta);
        Bunctl.Running follower = alpha.bunctl().start("logs", "-f", "--nodes", "all", "--json");
        say(beta, "before");
        Bunctl.await(() -> "a line came: " + follower.printed(), () -> count(follower, "\"line\":\"before\"") == 1);
        long daemon = beta.bunctl().daemonPid();
        HostProcesses.signal("STOP", daemon);
        try {
            Bunctl.await(
                    () -> "the loss was told: " + follower.printed(),
                    () -> count(follower, "\"node\":\"beta\",\"reachable\":false,\"unreachable_since\":\"2") == 1);
            say(alpha, "meanwhile");
            say(beta, "unheard");
            Bunctl.await(
                    () -> "others go on: " + follower.printed(), () -> count(follower, "\"line\":\"meanwhile\"") == 1);
            assertFalse(follower.printed().contains("unheard"));
            Bunctl.Result past =
                    alpha.run("logs", "--nodes", "all", "-n", "1", "--raw").failedWith(PARTIAL);
            assertEquals("meanwhile\n", past.out());
            alpha.run("logs", "beta/api").failedWith(UNREACHABLE);
        } finally {
            HostProcesses.signal("CONT", daemon);
        }
        Bunctl.await(() -> "it went on: " + follower.printed(), () -> count(follower, "\"line\":\"unheard\"") == 1);
        assertEquals(1, count(follower, "\"node\":\"beta\",\"reachable\":true"));
        assertEquals(1, count(follower, "\"line\":\"before\""));
        follower.process().destroy();
        assertTrue(follower.process().waitFor() != 0);
    }

    @Test
    void followerThatDoesNotRead_holdsUpNoNode_andMissesNothing() throws Exception {
        int lines = 60_000;
        ClusterNode alpha = node("alpha", 0, Map.of());
        ClusterNode beta = node("beta", 1, Map.of());
        alpha.start("web");
        startEcho(beta, "api");
        alpha.awaitReach(beta);
        Bunctl.Running follower = alpha.bunctl().start("logs", "beta/api", "-f", "--raw", "-n", "1000000");
        say(beta, "begin");
        awaitLine(follower, "begin");
        HostProcesses.signal("STOP", follower.process().pid());
        String filler = "x".repeat(100);
        String[] many = IntStream.range(0, lines)
                .mapToObj(number -> String.format("%06d", number) + filler)
                .toArray(String[]::new);
        say(beta, many);
        beta.bunctl().awaitLog("api-out.log", many[lines - 1] + "\n");
        alpha.run("restart", "beta/api", "--no-wait").succeeded();
        HostProcesses.signal("CONT", follower.process().pid());
        awaitLine(follower, many[lines - 1]);
        List<String> first = follower.printed().lines().skip(1).limit(lines).toList();
        assertEquals(List.of(many), first);
        follower.process().destroy();
        assertTrue(follower.process().waitFor() != 0);
    }
}
