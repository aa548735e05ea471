package dev.bunctl.bridge.message;

import dev.bunctl.conf.daemon.MutualTls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of commands and answers about the cluster. */
final class ClusterCodec {
    private static final String ALL = "all";

    private ClusterCodec() {}

    static Map<String, @Nullable Object> toMap(ClusterCommand command) {
        return switch (command) {
            case ClusterCommand.ShowNodes() -> CommandCodec.named("nodes");
            case ClusterCommand.Leave() -> CommandCodec.named("leave_cluster");
            case ClusterCommand.Join join -> join(join);
            case ClusterCommand.OnNodes(Selection nodes, Command inner) -> {
                Map<String, @Nullable Object> body = CommandCodec.toMap(inner);
                body.put("nodes", nodes instanceof Selection.Named(List<String> names) ? names : ALL);
                yield body;
            }
        };
    }

    private static Map<String, @Nullable Object> join(ClusterCommand.Join join) {
        Map<String, @Nullable Object> body = CommandCodec.named("join_cluster");
        body.put("node", join.node());
        body.put("join", join.join());
        join.address().ifPresent(address -> body.put("address", address));
        join.port().ifPresent(port -> body.put("port", (long) port));
        join.tls().ifPresent(tls -> {
            Map<String, @Nullable Object> files = new LinkedHashMap<>();
            files.put("certificate", tls.certificate().toString());
            files.put("key", tls.key().toString());
            files.put("ca", tls.authority().toString());
            body.put("tls", files);
        });
        return body;
    }

    static ClusterCommand.Join join(Fields fields) throws MalformedMessageException {
        return new ClusterCommand.Join(
                fields.text("node"),
                fields.texts("join"),
                fields.optionalText("address"),
                fields.optionalNumber("port"),
                fields.has("tls")
                        ? Optional.of(tls(new Fields(fields.path() + "tls.", fields.object("tls"))))
                        : Optional.empty());
    }

    private static MutualTls tls(Fields fields) throws MalformedMessageException {
        try {
            return new MutualTls(
                    Path.of(fields.text("certificate")), Path.of(fields.text("key")), Path.of(fields.text("ca")));
        } catch (IllegalArgumentException invalid) {
            throw fields.wrong("certificate", String.valueOf(invalid.getMessage()));
        }
    }

    static Command onNodes(Fields fields, Command command) throws MalformedMessageException {
        try {
            return new ClusterCommand.OnNodes(
                    ALL.equals(fields.map().get("nodes"))
                            ? new Selection.All()
                            : new Selection.Named(fields.texts("nodes")),
                    command);
        } catch (IllegalArgumentException invalid) {
            throw fields.wrong("nodes", "\"all\" or names, and a command for other nodes");
        }
    }

    static void put(Answer.Nodes nodes, Map<String, @Nullable Object> body) {
        body.put("node", nodes.self().orElse(null));
        body.put("nodes", nodes.nodes().stream().map(ClusterCodec::toMap).toList());
        body.put("problem", nodes.problem().orElse(null));
    }

    static Answer.Nodes nodes(Fields fields) throws MalformedMessageException {
        return new Answer.Nodes(
                fields.optionalText("node"), fields.list("nodes", ClusterCodec::entry), fields.optionalText("problem"));
    }

    private static Map<String, @Nullable Object> toMap(NodeEntry entry) {
        Map<String, @Nullable Object> body = reached(entry.name(), entry.unreachableSince());
        body.put("self", entry.self());
        body.put("daemon_version", entry.version());
        body.put("instances", (long) entry.instances());
        body.put("online", (long) entry.online());
        return body;
    }

    private static NodeEntry entry(Fields fields) throws MalformedMessageException {
        return new NodeEntry(
                fields.text("node"),
                fields.flag("self", false),
                fields.optionalInstant("unreachable_since"),
                fields.text("daemon_version"),
                fields.number("instances"),
                fields.number("online"));
    }

    static Map<String, @Nullable Object> toMap(NodeAnswer answer) {
        Map<String, @Nullable Object> body = reached(answer.node(), answer.unreachableSince());
        body.put("answer", AnswerCodec.toMap(answer.answer()));
        return body;
    }

    static Map<String, @Nullable Object> toMap(NodeNews news) {
        Map<String, @Nullable Object> body = MessageCodec.versionedObject();
        body.put("at", news.at().toString());
        body.putAll(reached(news.node(), news.unreachableSince()));
        body.put("left", news.hasLeft());
        body.put("daemon_version", news.version());
        body.put(
                "apps",
                news.status().instances().stream().map(StatusCodec::status).toList());
        return body;
    }

    static NodeAnswer answer(Fields fields) throws MalformedMessageException {
        return new NodeAnswer(
                fields.text("node"),
                fields.optionalInstant("unreachable_since"),
                AnswerCodec.read(new Fields(fields.path() + "answer.", fields.object("answer"))));
    }

    private static Map<String, @Nullable Object> reached(String node, Optional<Instant> unreachableSince) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("node", node);
        body.put("reachable", unreachableSince.isEmpty());
        body.put("unreachable_since", unreachableSince.map(Instant::toString).orElse(null));
        return body;
    }
}
