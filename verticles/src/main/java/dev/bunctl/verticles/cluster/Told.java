package dev.bunctl.verticles.cluster;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.server.JsonValues;
import dev.bunctl.conf.daemon.ClusterSettings;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Something that a node tells the others. Who tells it is read of every version: so a node that speaks another one is still seen, if
 * only with its name.
 *
 * @param kind what about; empty when that is not known here
 * @param node who tells it
 * @param member its id in the cluster
 * @param version of its daemon
 * @param status of its apps; empty when it tells none, or one that is not understood
 * @param problem what is not understood here
 */
record Told(
        Optional<Kind> kind,
        String node,
        String member,
        String version,
        Optional<Answer.Status> status,
        Optional<String> problem) {
    /** Of a daemon that does not say its version. */
    static final String UNKNOWN_VERSION = "unknown";

    static final int MAX_TEXT = 256;

    /** What nodes tell of. */
    enum Kind {
        /** It wants to be told by everybody. */
        ASKS("asks"),
        /** It is taken out of the cluster for good. */
        LEAVES("leaves"),
        /** Somebody there looks at the nodes. */
        WATCHES("watches"),
        /** What its apps are doing. */
        STATUS("status");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    static JsonObject of(Kind kind, String node, String member, String version) {
        return new JsonObject()
                .put("version", Order.VERSION)
                .put("kind", kind.word)
                .put("node", node)
                .put("member", member)
                .put("daemon_version", version);
    }

    static JsonObject of(Answer.Status status, String node, String member, String version) {
        return of(Kind.STATUS, node, member, version).put("status", new JsonObject(MessageCodec.toMap(status)));
    }

    /** Reads a message; empty when it does not say who tells it. */
    static Optional<Told> read(Object message) {
        if (!(message instanceof JsonObject body)
                || !(body.getValue("node") instanceof String node)
                || !(body.getValue("member") instanceof String member)
                || member.length() > MAX_TEXT
                || !ClusterSettings.isName(node)) {
            return Optional.empty();
        }
        String version = body.getValue("daemon_version") instanceof String said && said.length() <= MAX_TEXT
                ? said
                : UNKNOWN_VERSION;
        Object spoken = body.getValue("version");
        Optional<Kind> kind = List.of(Kind.values()).stream()
                .filter(one -> one.word.equals(body.getValue("kind")))
                .findFirst();
        if (!Integer.valueOf(Order.VERSION).equals(spoken)) {
            return Optional.of(new Told(
                    kind,
                    node,
                    member,
                    version,
                    Optional.empty(),
                    Optional.of(
                            "it speaks version " + spoken + " of the messages between nodes, not " + Order.VERSION)));
        }
        try {
            return Optional.of(new Told(kind, node, member, version, status(body), Optional.empty()));
        } catch (MalformedMessageException | IllegalArgumentException other) {
            return Optional.of(new Told(
                    kind, node, member, version, Optional.empty(), Optional.of(String.valueOf(other.getMessage()))));
        }
    }

    private static Optional<Answer.Status> status(JsonObject body) throws MalformedMessageException {
        return body.getValue("status") instanceof JsonObject said
                        && MessageCodec.toAnswer(JsonValues.plain(said)) instanceof Answer.Status read
                ? Optional.of(read)
                : Optional.empty();
    }
}
