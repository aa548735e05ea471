package dev.bunctl.verticles.access;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.daemon.BridgeSettings;
import dev.bunctl.conf.daemon.Endpoint;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries out what is asked about who reaches the daemon. Used from one event loop. */
public final class AccessOrders {
    /** A token can be valid no longer than this; longer is for ever. */
    static final Duration LONGEST_VALIDITY = Duration.ofDays(3650);

    private final SettingsStore settings;
    private final TokenStore tokens;
    private final BridgeListener bridge;
    private Future<?> last = Future.succeededFuture();

    public AccessOrders(SettingsStore settings, TokenStore tokens, BridgeListener bridge) {
        this.settings = settings;
        this.tokens = tokens;
        this.bridge = bridge;
    }

    /** Answers a command. Fails with an {@link IOException} when what it wants could not be saved. */
    public Future<Answer> answer(AccessCommand command) {
        return switch (command) {
            case AccessCommand.CreateToken create -> create(create);
            case AccessCommand.ListTokens() -> Future.succeededFuture(tokens.list());
            case AccessCommand.RevokeToken(String name) -> revoke(name);
            case AccessCommand.Listen listen -> listen(listen);
            case AccessCommand.ShowListener() -> Future.succeededFuture(view());
        };
    }

    private Future<Answer> create(AccessCommand.CreateToken create) {
        if (tokens.problem().isPresent()) {
            return unusable(tokens.problem().get());
        }
        Optional<Duration> validFor = create.validFor();
        if (validFor.isPresent()
                && (!validFor.get().isPositive() || validFor.get().compareTo(LONGEST_VALIDITY) > 0)) {
            return refused(
                    ErrorCode.INVALID,
                    "a token is valid for 1 ms to " + LONGEST_VALIDITY.toDays() + " days, or for ever",
                    Optional.empty());
        }
        return tokens.create(create.name(), create.allows(), validFor)
                .<Answer>map(made -> made)
                .recover(AccessOrders::invalid);
    }

    private static Future<Answer> invalid(Throwable cause) {
        return cause instanceof IllegalArgumentException
                ? refused(ErrorCode.INVALID, String.valueOf(cause.getMessage()), Optional.empty())
                : Future.failedFuture(cause);
    }

    private Future<Answer> revoke(String name) {
        if (tokens.problem().isPresent()) {
            return unusable(tokens.problem().get());
        }
        return tokens.revoke(name)
                .compose(found -> found
                        ? Future.succeededFuture(new Answer.Changed(
                                List.of(new InstanceResult("token " + name, true, "revoked", List.of())),
                                List.of(),
                                List.of()))
                        : refused(
                                ErrorCode.NOT_FOUND,
                                "there is no token '" + name + "'",
                                Optional.of("'bunctl token list' shows those there are")));
    }

    /** One after the other: each begins where the one before has come to. */
    private Future<Answer> listen(AccessCommand.Listen listen) {
        Future<Answer> done = last.transform(_ -> opened(listen));
        last = done;
        return done;
    }

    private Future<Answer> opened(AccessCommand.Listen listen) {
        BridgeSettings former = settings.settings().bridge();
        BridgeSettings next;
        try {
            next = merged(former, listen);
        } catch (IllegalArgumentException invalid) {
            return refused(ErrorCode.INVALID, String.valueOf(invalid.getMessage()), Optional.empty());
        }
        if (settings.problem().isPresent()) {
            return unusable(settings.problem().get());
        }
        return bridge.change(former, next)
                .<Answer>compose(
                        _ -> settings.change(now -> now.with(next))
                                .<Answer>map(_ -> view())
                                .recover(cause ->
                                        bridge.change(next, former).transform(_ -> Future.failedFuture(cause))),
                        cause -> refused(
                                ErrorCode.INVALID,
                                "cannot listen on " + next.endpoint() + ": " + cause.getMessage(),
                                Optional.of("nothing was changed")));
    }

    private static BridgeSettings merged(BridgeSettings former, AccessCommand.Listen listen) {
        Endpoint endpoint = new Endpoint(
                listen.address().orElse(former.endpoint().address()),
                listen.port().orElse(former.endpoint().port()));
        return new BridgeSettings(listen.enabled(), endpoint, listen.tls().orElse(former.tls()));
    }

    private Answer view() {
        BridgeSettings now = settings.settings().bridge();
        return bridge.view(now);
    }

    /** What a person has written is not overwritten. */
    private static Future<Answer> unusable(String problem) {
        return refused(
                ErrorCode.INVALID,
                problem,
                Optional.of("mend the file or move it away, then replace the daemon: 'bunctl update'"));
    }

    private static Future<Answer> refused(ErrorCode code, String detail, Optional<String> hint) {
        return Future.succeededFuture(new Answer.Refused(code, detail, hint));
    }
}
