package dev.bunctl.cli.e2e;

import dev.bunctl.bridge.wire.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A daemon that is to be a node: its settings are written before it starts. */
final class ClusterNode implements AutoCloseable {
    private final Bunctl bunctl;
    private final String name;
    private final List<String> prefix;

    /**
     * @param prefix words before each command, or none
     * @param cluster members of the settings that differ
     */
    ClusterNode(String name, List<String> prefix, Map<String, Object> cluster) {
        this(name, prefix, cluster, new Bunctl());
    }

    /** @param bunctl with a home that is not used yet */
    ClusterNode(String name, List<String> prefix, Map<String, Object> cluster, Bunctl bunctl) {
        // A node that is paused for long is not to be replaced by its guard.
        this.bunctl = bunctl.with("BUNCTL_WATCHDOG", "300");
        this.name = name;
        this.prefix = prefix;
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("node", name);
        section.putAll(cluster);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("version", 1L);
        settings.put("cluster", section);
        bunctl.write("h/daemon.json", Json.write(settings));
    }

    Bunctl bunctl() {
        return bunctl;
    }

    String name() {
        return name;
    }

    Bunctl.Result run(String... words) {
        return prefix.isEmpty() ? bunctl.run(words) : bunctl.runIn(prefix, words);
    }

    /** Starts the daemon with one app of that name. */
    void start(String app) {
        run("start", "--name", app, "--command", "sleep 100000").succeeded();
    }

    /** What this node says of the nodes. */
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> nodes() {
        return (List<Map<String, Object>>) run("nodes", "--json").json().get("nodes");
    }

    private Optional<Map<String, Object>> node(ClusterNode other) {
        return nodes().stream()
                .filter(node -> other.name.equals(node.get("node")))
                .findFirst();
    }

    boolean reaches(ClusterNode other) {
        return node(other)
                .filter(node -> Boolean.TRUE.equals(node.get("reachable")))
                .isPresent();
    }

    /** Whether it knows the other, and that it cannot be reached. */
    boolean hasLost(ClusterNode other) {
        return node(other)
                .filter(node ->
                        Boolean.FALSE.equals(node.get("reachable")) && node.get("unreachable_since") instanceof String)
                .isPresent();
    }

    void awaitReach(ClusterNode... others) {
        for (ClusterNode other : others) {
            Bunctl.await(
                    () -> name + " reaches " + other.name + ": " + nodes() + "\n" + bunctl.daemonLog() + "\n"
                            + other.bunctl.daemonLog(),
                    () -> reaches(other));
        }
    }

    void awaitLoss(ClusterNode... others) {
        for (ClusterNode other : others) {
            Bunctl.await(
                    () -> name + " has lost " + other.name + ": " + nodes() + "\n" + bunctl.daemonLog(),
                    () -> hasLost(other));
        }
    }

    /** The answers of nodes in an answer of this one, by name. */
    @SuppressWarnings("unchecked")
    static Map<String, Map<String, Object>> answers(Bunctl.Result result) {
        Map<String, Map<String, Object>> answers = new LinkedHashMap<>();
        for (Object each : (List<Object>) result.json().get("nodes")) {
            Map<String, Object> node = (Map<String, Object>) each;
            answers.put(String.valueOf(node.get("node")), (Map<String, Object>) node.get("answer"));
        }
        return answers;
    }

    @Override
    public void close() {
        bunctl.close();
    }
}
