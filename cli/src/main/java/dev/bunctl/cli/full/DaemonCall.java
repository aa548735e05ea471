package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.bridge.wire.WireException;
import dev.bunctl.cli.thin.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Typed commands over one link to the daemon, one at a time. */
final class DaemonCall implements AutoCloseable {
    private final FrameChannel link;
    private final String log;
    private final Optional<Duration> patience;
    private int calls;

    /** @param log where the daemon says why it ended */
    DaemonCall(FrameChannel link, String log) {
        this.link = link;
        this.log = log;
        this.patience = Optional.empty();
    }

    /** For somebody who does not wait long for a silent daemon. */
    DaemonCall(FrameChannel link, String log, Duration patience) {
        this.link = link;
        this.log = log;
        this.patience = Optional.of(patience);
    }

    /** Asks and waits for the answer, however long it takes while the daemon is alive. */
    Answer ask(Command command) throws FailureException {
        String reply = "r" + ++calls;
        Liveness liveness =
                patience.map(time -> new Liveness(link, time.toMillis())).orElseGet(() -> new Liveness(link));
        try {
            send(command, reply);
            liveness.begin();
            return receive(reply, liveness);
        } catch (WireException malformed) {
            throw new FailureException(ErrorCode.LIMIT, String.valueOf(malformed.getMessage()), "");
        } catch (MalformedMessageException malformed) {
            throw new FailureException(
                    ErrorCode.INTERNAL,
                    "the daemon's answer makes no sense here: " + malformed.getMessage(),
                    "client and daemon may be of different versions: 'bunctl kill' ends the daemon");
        } catch (IOException lost) {
            throw new FailureException(
                    ErrorCode.DAEMON_LOST,
                    liveness.isLost()
                            ? "the daemon does not answer"
                            : "the daemon was lost while it worked on the command",
                    "its log says why: " + log);
        } finally {
            liveness.end();
        }
    }

    private void send(Command command, String reply) throws IOException {
        Map<String, @Nullable Object> frame = new LinkedHashMap<>();
        frame.put("type", "send");
        frame.put("address", Protocol.COMMAND);
        frame.put("replyAddress", reply);
        frame.put("body", MessageCodec.toMap(command));
        link.send(frame);
    }

    @SuppressWarnings("unchecked")
    private Answer receive(String reply, Liveness liveness)
            throws IOException, MalformedMessageException, FailureException {
        for (Map<String, @Nullable Object> frame = link.receive(); frame != null; frame = link.receive()) {
            liveness.hear();
            if ("err".equals(frame.get("type"))) {
                throw refusal(frame);
            }
            if (reply.equals(frame.get("address")) && frame.get("body") instanceof Map<?, ?> body) {
                return MessageCodec.toAnswer((Map<String, @Nullable Object>) body);
            }
        }
        throw new IOException("closed");
    }

    private FailureException refusal(Map<String, @Nullable Object> frame) {
        ErrorCode code = ErrorCode.INTERNAL;
        for (ErrorCode known : ErrorCode.values()) {
            if (frame.get("failureCode") instanceof Long number && number == known.exitCode()) {
                code = known;
            }
        }
        String message = String.valueOf(frame.get("message"));
        return new FailureException(code, message, "the daemon's log may say more: " + log);
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
