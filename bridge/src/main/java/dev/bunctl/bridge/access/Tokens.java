package dev.bunctl.bridge.access;

import dev.bunctl.bridge.message.Command.Role;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that are valid.
 *
 * @param all at most {@value #MAX}, each name once
 */
public record Tokens(List<Token> all) {
    public static final Tokens NONE = new Tokens(List.of());

    /** Tokens at one time. */
    public static final int MAX = 1000;

    /** Version of the file's form. */
    public static final long VERSION = 1;

    public Tokens {
        all = List.copyOf(all);
        if (all.size() > MAX) {
            throw new IllegalArgumentException("at most " + MAX + " tokens can be kept");
        }
        if (all.stream().map(Token::name).distinct().count() != all.size()) {
            throw new IllegalArgumentException("two tokens have the same name");
        }
    }

    /**
     * Adds a token.
     *
     * @throws IllegalArgumentException when one of that name is there, or too many are
     */
    public Tokens with(Token token) {
        if (all.stream().anyMatch(other -> other.name().equals(token.name()))) {
            throw new IllegalArgumentException("there is a token named '" + token.name() + "' already");
        }
        List<Token> more = new ArrayList<>(all);
        more.add(token);
        return new Tokens(more);
    }

    /** Takes a token away; empty when there is none of that name. */
    public Optional<Tokens> without(String name) {
        List<Token> rest =
                all.stream().filter(token -> !token.name().equals(name)).toList();
        return rest.size() == all.size() ? Optional.empty() : Optional.of(new Tokens(rest));
    }

    /** The token of that name. */
    public Optional<Token> named(String name) {
        return all.stream().filter(token -> token.name().equals(name)).findFirst();
    }

    /** The token that a text is, whether it is still good or not. */
    public Optional<Token> find(String text) {
        if (text.length() > Token.MAX_TEXT) {
            return Optional.empty();
        }
        String hash = Token.hash(text);
        return all.stream().filter(token -> token.matches(hash)).findFirst();
    }

    /** The form of the file. */
    public Map<String, Object> toMap() {
        List<Map<String, Object>> tokens = new ArrayList<>();
        for (Token token : all) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", token.name());
            one.put("role", token.role().name().toLowerCase(Locale.ROOT));
            one.put("hash", token.hash());
            one.put("created_at", token.createdAt().toString());
            token.expiresAt().ifPresent(end -> one.put("expires_at", end.toString()));
            tokens.add(one);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", VERSION);
        map.put("tokens", tokens);
        return map;
    }

    /**
     * Reads the form of the file.
     *
     * @throws IllegalArgumentException when it is not valid
     */
    public static Tokens fromMap(Map<String, ? extends @Nullable Object> map) {
        if (!Long.valueOf(VERSION).equals(map.get("version")) || !(map.get("tokens") instanceof List<?> tokens)) {
            throw new IllegalArgumentException("tokens of version " + VERSION + " expected");
        }
        return new Tokens(tokens.stream().map(Tokens::token).toList());
    }

    private static Token token(Object element) {
        if (element instanceof Map<?, ?> map
                && map.get("name") instanceof String name
                && map.get("role") instanceof String role
                && map.get("hash") instanceof String hash
                && map.get("created_at") instanceof String createdAt) {
            try {
                Optional<Instant> end = Optional.ofNullable(map.get("expires_at"))
                        .map(String::valueOf)
                        .map(Instant::parse);
                return new Token(
                        name, Role.valueOf(role.toUpperCase(Locale.ROOT)), hash, Instant.parse(createdAt), end);
            } catch (DateTimeException noTime) {
                throw new IllegalArgumentException("a token's times are no times: " + noTime.getMessage(), noTime);
            }
        }
        throw new IllegalArgumentException("a token has name, role, hash and created_at");
    }
}
