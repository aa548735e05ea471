package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.verticles.access.AuditEntry;
import dev.bunctl.verticles.access.AuditLog;
import dev.bunctl.verticles.internal.InternalAddresses;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The one door from the public addresses to the inside: who may ask what, and how much at a time. */
final class Inside {
    /** Commands under way at one time. */
    static final int MAX_COMMANDS = 1024;

    /** Longer than any command can take: a stop may last an hour, and a restart a start as well. */
    static final Duration LONGEST = Duration.ofHours(4);

    private static final System.Logger LOG = System.getLogger(Inside.class.getName());

    private final EventBus bus;
    private final AuditLog audit;
    private int underWay;

    Inside(EventBus bus, AuditLog audit) {
        this.bus = bus;
        this.audit = audit;
    }

    /** Why a command is refused before it is asked, if it is. */
    Optional<Answer.Refused> refusal(Message<?> from, Command command) {
        Optional<Peer> peer = Peer.readFrom(from.headers());
        if (peer.isEmpty() || peer.get().role().compareTo(command.role()) < 0) {
            String role = command.role().name().toLowerCase(Locale.ROOT);
            return Optional.of(new Answer.Refused(
                    ErrorCode.FORBIDDEN, "the role " + role + " is needed for this", Optional.empty()));
        }
        if (underWay >= MAX_COMMANDS || audit.isFull()) {
            return Optional.of(new Answer.Refused(
                    ErrorCode.LIMIT, "too many commands are under way", Optional.of("try again later")));
        }
        return Optional.empty();
    }

    /** Asks; a command that may not be asked, or that nobody answers, is a refusal too. Never fails. */
    Future<Answer> ask(Message<?> from, Command command) {
        return ask(from, command, command);
    }

    /**
     * Asks one thing to do another.
     *
     * @param said what was asked for from outside: by this it is judged and remembered
     * @param asked what is asked inside
     */
    Future<Answer> ask(Message<?> from, Command said, Command asked) {
        Optional<Answer.Refused> refusal = refusal(from, said);
        Future<Answer> answer =
                refusal.isPresent() ? Future.succeededFuture(refusal.get()) : ask(asked, from.headers());
        return answer.compose(
                told -> audit.append(AuditEntry.of(audit.clock().instant(), Peer.readFrom(from.headers()), said, told))
                        .map(told));
    }

    /** Asks for a part of what was asked for, and so allowed and remembered, before. Never fails. */
    Future<Answer> goOn(Message<?> from, Command command) {
        return ask(command, from.headers());
    }

    /** Asks what was allowed already. Never fails. */
    Future<Answer> ask(Command command) {
        return ask(command, MultiMap.caseInsensitiveMultiMap());
    }

    private Future<Answer> ask(Command command, MultiMap from) {
        underWay++;
        DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).setSendTimeout(LONGEST.toMillis());
        if (command instanceof ClusterCommand) {
            options.setHeaders(from);
        }
        return bus.<Answer>request(InternalAddresses.of(command), command, options)
                .map(Message::body)
                .otherwise(cause -> {
                    LOG.log(System.Logger.Level.ERROR, "a command was not answered", cause);
                    return new Answer.Refused(
                            ErrorCode.INTERNAL, "a failure inside bunctl: " + cause.getMessage(), Optional.empty());
                })
                .onComplete(_ -> underWay--);
    }
}
