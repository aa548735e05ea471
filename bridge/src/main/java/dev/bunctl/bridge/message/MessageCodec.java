package dev.bunctl.bridge.message;

import dev.bunctl.bridge.wire.Protocol;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands, answers and events as the JSON bodies of the public addresses ({@code Map<String, Object>} as in
 * {@link dev.bunctl.bridge.wire.Json}). Every body carries its version; members that are not known are ignored, commands that
 * are not known are refused. The shapes are described in docs/event-bus-api.md.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** The body of a command. */
    public static Map<String, @Nullable Object> toMap(Command command) {
        return CommandCodec.toMap(command);
    }

    /**
     * Reads the body of a command.
     *
     * @throws MalformedMessageException when it is of another version, not known, or not valid
     */
    public static Command toCommand(Map<String, ? extends @Nullable Object> body) throws MalformedMessageException {
        return CommandCodec.read(versioned(body));
    }

    /** The body of an answer. */
    public static Map<String, @Nullable Object> toMap(Answer answer) {
        return AnswerCodec.toMap(answer);
    }

    /**
     * Reads the body of an answer.
     *
     * @throws MalformedMessageException when it is of another version, not known, or not valid
     */
    public static Answer toAnswer(Map<String, ? extends @Nullable Object> body) throws MalformedMessageException {
        return AnswerCodec.read(versioned(body));
    }

    /** The body of an event. */
    public static Map<String, @Nullable Object> toMap(AppEvent event) {
        return StatusCodec.event(event);
    }

    /**
     * Reads the body of an event.
     *
     * @throws MalformedMessageException when it is of another version or not valid
     */
    public static AppEvent toEvent(Map<String, ? extends @Nullable Object> body) throws MalformedMessageException {
        return StatusCodec.readEvent(versioned(body));
    }

    /** The body of metrics. */
    public static Map<String, @Nullable Object> toMap(Metrics metrics) {
        return AccountingCodec.toMap(metrics);
    }

    /** The body of news of a node. */
    public static Map<String, @Nullable Object> toMap(NodeNews news) {
        return ClusterCodec.toMap(news);
    }

    /** An object that begins with the version. */
    static Map<String, @Nullable Object> versionedObject() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", (long) Protocol.VERSION);
        return object;
    }

    private static Fields versioned(Map<String, ? extends @Nullable Object> body) throws MalformedMessageException {
        Fields fields = new Fields("", body);
        long version = fields.whole("version");
        if (version != Protocol.VERSION) {
            throw new MalformedMessageException(
                    "version " + version + " is not spoken here, only version " + Protocol.VERSION);
        }
        return fields;
    }
}
