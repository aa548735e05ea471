package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.NodeEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a node knows of the others: what each said last, and since when those are gone that are. Members are who Hazelcast says is
 * there; a member is a node when it was heard on the event bus, which needs a certificate. Used from one event loop.
 */
final class NodeView {
    /** Nodes that are remembered. */
    static final int MAX = 256;

    private final String self;
    private final Map<String, Known> byName = new TreeMap<>();
    private final Set<String> unheard = new HashSet<>();
    private Optional<String> problem = Optional.empty();

    /**
     * A node that was heard.
     *
     * @param member its id in the cluster, another one after each start
     */
    record Known(String name, String member, String version, Answer.Status status, Optional<Instant> unreachableSince) {
        boolean isReachable() {
            return unreachableSince.isEmpty();
        }
    }

    NodeView(String self) {
        this.self = self;
    }

    /** A member is there; who it is, it says itself. */
    void joined(String member) {
        if (unheard.size() < MAX) {
            unheard.add(member);
        }
    }

    /** A member is gone; the node that it was, if any. */
    Optional<String> left(String member, Instant now) {
        unheard.remove(member);
        Optional<Known> gone = byName.values().stream()
                .filter(known -> known.member().equals(member))
                .findFirst();
        gone.filter(Known::isReachable)
                .ifPresent(known -> byName.put(
                        known.name(),
                        new Known(known.name(), member, known.version(), known.status(), Optional.of(now))));
        return gone.map(Known::name);
    }

    /** Takes in what a member says of itself; false when its name is taken. */
    boolean heard(String name, String member, String version, Answer.Status status) {
        Known before = byName.get(name);
        boolean taken = name.equals(self)
                || (before != null && before.isReachable() && !before.member().equals(member))
                || (before == null && byName.size() >= MAX);
        if (taken) {
            problem = Optional.of("Two nodes of the cluster are called " + name + "; one of them is left out.");
            return false;
        }
        unheard.remove(member);
        byName.put(name, new Known(name, member, version, status, Optional.empty()));
        return true;
    }

    /** A node has left for good; false when it is another one's name by now. */
    boolean forget(String name, String member) {
        Known known = byName.get(name);
        if (known == null || !known.member().equals(member)) {
            return false;
        }
        byName.remove(name);
        return true;
    }

    /** Whether every member was heard. */
    boolean isSettled() {
        return unheard.isEmpty();
    }

    Optional<Known> node(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The other nodes, by name. */
    List<Known> all() {
        return List.copyOf(byName.values());
    }

    Optional<String> problem() {
        return isSettled() ? Optional.empty() : problem.or(() -> Optional.of(unheardOf()));
    }

    private String unheardOf() {
        return unheard.size() + " member(s) of the cluster were not heard: they start, or have no valid certificate.";
    }

    /** The nodes for a person, with this one among them. */
    List<NodeEntry> entries(Answer.Status own, String version) {
        Map<String, NodeEntry> entries = new TreeMap<>();
        byName.values().forEach(known -> entries.put(known.name(), entry(known)));
        entries.put(self, new NodeEntry(self, true, Optional.empty(), version, size(own), online(own)));
        return new ArrayList<>(entries.values());
    }

    private static NodeEntry entry(Known known) {
        return new NodeEntry(
                known.name(),
                false,
                known.unreachableSince(),
                known.version(),
                size(known.status()),
                online(known.status()));
    }

    private static int size(Answer.Status status) {
        return status.instances().size();
    }

    private static int online(Answer.Status status) {
        return (int) status.instances().stream()
                .filter(instance -> instance.state() == InstanceStatus.State.ONLINE)
                .count();
    }
}
