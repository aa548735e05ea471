package dev.bunctl.verticles.access;

import dev.bunctl.bridge.access.Token;
import dev.bunctl.bridge.access.Tokens;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.server.Authenticator;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.verticles.state.AtomicFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The tokens of this daemon, and their file {@code <home>/state/tokens.json}, which holds hashes only. A file that is not valid
 * lets nobody in and is left as it is. Used from one event loop.
 */
public final class TokenStore implements Authenticator {
    /** Largest file, in bytes: {@link Tokens#MAX} tokens fit. */
    static final int MAX_BYTES = 1 << 20;

    private final Vertx vertx;
    private final InstantSource clock;
    private final AtomicFile file;
    private final Optional<String> problem;
    private final List<Consumer<String>> watchers = new ArrayList<>();
    private Tokens tokens;
    private Future<?> last = Future.succeededFuture();
    private long timer;
    private boolean timing;

    /**
     * What was found.
     *
     * @param problem why there are no tokens although there is a file
     */
    public record Loaded(AtomicFile file, Tokens tokens, Optional<String> problem) {}

    public TokenStore(Vertx vertx, Loaded loaded, InstantSource clock) {
        this.vertx = vertx;
        this.clock = clock;
        this.file = loaded.file();
        this.tokens = loaded.tokens();
        this.problem = loaded.problem();
        awaitExpiry();
    }

    /** Reads the tokens of a home. Blocks. */
    public static Loaded load(Path home) {
        AtomicFile file = new AtomicFile(home.resolve("state"), "tokens.json", MAX_BYTES);
        try {
            Optional<byte[]> bytes = file.read();
            Tokens tokens =
                    bytes.isEmpty() ? Tokens.NONE : Tokens.fromMap(Json.readObject(bytes.get(), 0, bytes.get().length));
            return new Loaded(file, tokens, Optional.empty());
        } catch (IOException | IllegalArgumentException invalid) {
            return new Loaded(
                    file,
                    Tokens.NONE,
                    Optional.of("No token is valid, because " + file.path() + " is not: " + invalid.getMessage()));
        }
    }

    /** Why the file is not what holds, in a whole sentence. */
    public Optional<String> problem() {
        return problem;
    }

    /** Has somebody told the name of each token that was revoked or has expired: its connections are to end. */
    public void onEnded(Consumer<String> told) {
        watchers.add(told);
    }

    @Override
    public Optional<Peer.Bearer> authenticate(String text, String from) {
        return tokens.find(text)
                .filter(token -> token.isValid(clock.instant()))
                .map(token -> new Peer.Bearer(token.name(), token.role(), from));
    }

    /** Every token, those that have expired included. */
    public Answer.Tokens list() {
        return new Answer.Tokens(tokens.all().stream().map(Token::entry).toList());
    }

    /**
     * Makes a token; tokens are made and revoked in the order in which that is asked for.
     *
     * @return fails with an {@link IllegalArgumentException} when the name is taken or not valid, or there are too many; with an
     *     {@link IOException} when it could not be written. Nothing is changed then
     */
    public Future<Answer.TokenMade> create(String name, Role role, Optional<Duration> validFor) {
        return next(() -> {
            byte[] secret = new byte[Token.SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            String text = Token.text(secret);
            Instant now = clock.instant();
            Token token = new Token(name, role, Token.hash(text), now, validFor.map(now::plus));
            return saved(tokens.with(token)).map(_ -> new Answer.TokenMade(token.entry(), text));
        });
    }

    /**
     * Ends a token at once.
     *
     * @return false when there is none of that name; fails with an {@link IOException}, and the token holds, when that could not
     *     be written
     */
    public Future<Boolean> revoke(String name) {
        return next(() -> {
            Optional<Tokens> rest = tokens.without(name);
            if (rest.isEmpty()) {
                return Future.succeededFuture(false);
            }
            return saved(rest.get()).map(_ -> {
                ended(name);
                return true;
            });
        });
    }

    private <T> Future<T> next(Supplier<Future<T>> change) {
        Future<T> changed = last.transform(_ -> {
            if (problem.isPresent()) {
                return Future.failedFuture(new IOException(problem.get()));
            }
            try {
                return change.get();
            } catch (IllegalArgumentException invalid) {
                return Future.failedFuture(invalid);
            }
        });
        last = changed;
        return changed;
    }

    private Future<Tokens> saved(Tokens next) {
        return vertx.<Tokens>executeBlocking(() -> {
                    file.replace(Json.writeBytes(next.toMap()));
                    return next;
                })
                .onSuccess(written -> {
                    tokens = written;
                    awaitExpiry();
                });
    }

    private void ended(String name) {
        watchers.forEach(watcher -> watcher.accept(name));
    }

    /** Connections must not outlive the token by which they were opened. */
    private void awaitExpiry() {
        if (timing) {
            timing = !vertx.cancelTimer(timer);
        }
        Instant now = clock.instant();
        tokens.all().stream()
                .flatMap(token -> token.expiresAt().stream())
                .filter(now::isBefore)
                .min(Instant::compareTo)
                .ifPresent(next -> {
                    timing = true;
                    timer = vertx.setTimer(1 + Duration.between(now, next).toMillis(), _ -> {
                        timing = false;
                        endExpired(next);
                    });
                });
    }

    private void endExpired(Instant expired) {
        tokens.all().stream()
                .filter(token -> token.expiresAt().filter(expired::equals).isPresent())
                .forEach(token -> ended(token.name()));
        awaitExpiry();
    }
}
