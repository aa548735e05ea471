package dev.bunctl.conf.field;

import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values that consist of several parts: dependencies and POSIX limits. */
final class PartsReader {
    private static final long UNLIMITED = -1;
    private static final List<String> CONDITIONS = List.of("started", "ready", "healthy", "completed");
    private static final Set<String> RESOURCES = Set.of(
            "as",
            "core",
            "cpu",
            "data",
            "fsize",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private PartsReader() {}

    static List<Dependency> dependencies(Node node) throws KindReader.Unexpected {
        var dependencies = new ArrayList<Dependency>();
        switch (node) {
            case Node.Items(List<Node> values, var at) -> {
                for (Node value : values) {
                    dependencies.add(dependency(value));
                }
            }
            case Node.Members(Map<String, Node.Member> members, var at) -> {
                for (Map.Entry<String, Node.Member> member : members.entrySet()) {
                    Node name = new Node.Text(member.getKey(), member.getValue().nameAt());
                    dependencies.add(new Dependency(
                            KindReader.name(name), condition(member.getValue().value())));
                }
            }
            default -> dependencies.add(dependency(node));
        }
        return dependencies;
    }

    private static Dependency dependency(Node node) throws KindReader.Unexpected {
        if (!(node instanceof Node.Members members)) {
            return new Dependency(KindReader.name(node), Dependency.Condition.READY);
        }
        Optional<Node> app = members.value("app");
        Optional<Node> condition = members.value("condition");
        if (app.isEmpty() || members.values().size() > (condition.isEmpty() ? 1 : 2)) {
            throw new KindReader.Unexpected(node, "an app's name, or {\"app\": …, \"condition\": …}");
        }
        return new Dependency(
                KindReader.name(app.get()),
                condition.isEmpty() ? Dependency.Condition.READY : condition(condition.get()));
    }

    /** {@code "ready"}, or {@code {"condition": "ready"}}; names of container tools are known too. */
    private static Dependency.Condition condition(Node node) throws KindReader.Unexpected {
        if (node instanceof Node.Members members && members.values().size() == 1) {
            Optional<Node> inner = members.value("condition");
            if (inner.isPresent()) {
                return condition(inner.get());
            }
        }
        String text = KindReader.text(node, "one of " + String.join(", ", CONDITIONS));
        return switch (text) {
            case "started", "service_started", "process_started" -> Dependency.Condition.STARTED;
            case "ready", "process_log_ready" -> Dependency.Condition.READY;
            case "healthy", "service_healthy", "process_healthy" -> Dependency.Condition.HEALTHY;
            case "completed", "service_completed_successfully", "process_completed" -> Dependency.Condition.COMPLETED;
            default -> throw new KindReader.Unexpected(node, "one of " + String.join(", ", CONDITIONS));
        };
    }

    static List<Limits.Resource> resources(Node node) throws KindReader.Unexpected {
        if (!(node instanceof Node.Members(Map<String, Node.Member> members, var at))) {
            throw new KindReader.Unexpected(node, "an object such as {\"nofile\": 65536}");
        }
        var resources = new ArrayList<Limits.Resource>();
        for (Map.Entry<String, Node.Member> member : members.entrySet()) {
            String name = member.getKey().toLowerCase(Locale.ROOT);
            if (!RESOURCES.contains(name)) {
                Node found = new Node.Text(member.getKey(), member.getValue().nameAt());
                String nearest = FieldNames.nearest(name, RESOURCES)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("");
                throw new KindReader.Unexpected(found, "a POSIX limit such as nofile" + nearest);
            }
            resources.add(resource(name, member.getValue().value()));
        }
        return resources;
    }

    private static Limits.Resource resource(String name, Node node) throws KindReader.Unexpected {
        if (node instanceof Node.Members members) {
            Optional<Node> soft = members.value("soft");
            Optional<Node> hard = members.value("hard");
            if (members.values().size() == 2 && soft.isPresent() && hard.isPresent()) {
                return checked(node, name, amount(soft.get()), amount(hard.get()));
            }
            throw new KindReader.Unexpected(node, "{\"soft\": …, \"hard\": …}");
        }
        if (node instanceof Node.Text(String text, var at) && text.indexOf(':') > 0) {
            int colon = text.indexOf(':');
            return checked(
                    node,
                    name,
                    amount(new Node.Text(text.substring(0, colon), at)),
                    amount(new Node.Text(text.substring(colon + 1), at)));
        }
        long both = amount(node);
        return new Limits.Resource(name, both, both);
    }

    private static Limits.Resource checked(Node node, String name, long soft, long hard) throws KindReader.Unexpected {
        if (hard != UNLIMITED && (soft == UNLIMITED || soft > hard)) {
            throw new KindReader.Unexpected(node, "a soft limit that is not above the hard one");
        }
        return new Limits.Resource(name, soft, hard);
    }

    private static long amount(Node node) throws KindReader.Unexpected {
        String expected = "a number or \"unlimited\"";
        if (node instanceof Node.Text(String text, var at) && (text.equals("unlimited") || text.equals("infinity"))) {
            return UNLIMITED;
        }
        long amount = NumberReader.number(node, expected);
        if (amount < UNLIMITED) {
            throw new KindReader.Unexpected(node, expected);
        }
        return amount;
    }
}
