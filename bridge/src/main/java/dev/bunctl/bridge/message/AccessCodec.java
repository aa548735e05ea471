package dev.bunctl.bridge.message;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.daemon.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of commands and answers about who reaches the daemon. */
final class AccessCodec {
    private static final String OWN = "own";
    private static final String FILES = "files";
    private static final String NONE = "none";

    private AccessCodec() {}

    static void put(AccessCommand command, Map<String, @Nullable Object> body) {
        switch (command) {
            case AccessCommand.CreateToken(String name, Role allows, Optional<Duration> validFor) -> {
                body.put("command", "create_token");
                body.put("name", name);
                body.put("role", Names.wireName(allows));
                validFor.ifPresent(time -> body.put("valid_for_ms", time.toMillis()));
            }
            case AccessCommand.ListTokens() -> body.put("command", "list_tokens");
            case AccessCommand.RevokeToken(String name) -> {
                body.put("command", "revoke_token");
                body.put("name", name);
            }
            case AccessCommand.Listen listen -> {
                body.put("command", "listen");
                body.put("enabled", listen.enabled());
                listen.address().ifPresent(address -> body.put("address", address));
                listen.port().ifPresent(port -> body.put("port", (long) port));
                listen.tls().ifPresent(tls -> body.put("tls", toMap(tls)));
            }
            case AccessCommand.ShowListener() -> body.put("command", "show_listener");
        }
    }

    private static Map<String, @Nullable Object> toMap(Tls tls) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("kind", tls.kind());
        if (tls.certificate() instanceof Tls.Certificate.Files(Path chain, Path key)) {
            map.put("certificate", chain.toString());
            map.put("key", key.toString());
        }
        tls.clientAuthority().ifPresent(file -> map.put("client_ca", file.toString()));
        return map;
    }

    /** The command of that name; empty when it is none of these. */
    static Optional<Command> read(String name, Fields fields) throws MalformedMessageException {
        return switch (name) {
            case "create_token" ->
                Optional.of(new AccessCommand.CreateToken(
                        fields.text("name"), fields.constant("role", Role.values()), validFor(fields)));
            case "list_tokens" -> Optional.of(new AccessCommand.ListTokens());
            case "revoke_token" -> Optional.of(new AccessCommand.RevokeToken(fields.text("name")));
            case "listen" ->
                Optional.of(new AccessCommand.Listen(
                        fields.flag("enabled", true),
                        fields.optionalText("address"),
                        fields.optionalNumber("port"),
                        fields.has("tls")
                                ? Optional.of(tls(new Fields(fields.path() + "tls.", fields.object("tls"))))
                                : Optional.empty()));
            case "show_listener" -> Optional.of(new AccessCommand.ShowListener());
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> validFor(Fields fields) throws MalformedMessageException {
        return fields.has("valid_for_ms")
                ? Optional.of(Duration.ofMillis(fields.whole("valid_for_ms")))
                : Optional.empty();
    }

    private static Tls tls(Fields fields) throws MalformedMessageException {
        String kind = fields.text("kind");
        try {
            Tls.Certificate certificate = switch (kind) {
                case OWN -> new Tls.Certificate.Own();
                case NONE -> new Tls.Certificate.None();
                case FILES ->
                    new Tls.Certificate.Files(Path.of(fields.text("certificate")), Path.of(fields.text("key")));
                default -> throw fields.wrong("kind", "own, files or none");
            };
            return new Tls(certificate, fields.optionalText("client_ca").map(Path::of));
        } catch (IllegalArgumentException invalid) {
            throw fields.wrong("kind", String.valueOf(invalid.getMessage()));
        }
    }

    static Map<String, @Nullable Object> toMap(TokenEntry token) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", token.name());
        map.put("role", Names.wireName(token.role()));
        map.put("created_at", token.createdAt().toString());
        map.put("expires_at", token.expiresAt().map(Object::toString).orElse(null));
        return map;
    }

    static TokenEntry token(Fields fields) throws MalformedMessageException {
        return new TokenEntry(
                fields.text("name"),
                fields.constant("role", Role.values()),
                fields.instant("created_at"),
                fields.optionalInstant("expires_at"));
    }

    static void put(Answer.Listening listening, Map<String, @Nullable Object> body) {
        body.put("enabled", listening.enabled());
        body.put("address", listening.address());
        body.put("port", (long) listening.port());
        body.put("tls", listening.tls());
        body.put("client_certificates", listening.clientCertificates());
        body.put("fingerprint", listening.fingerprint().orElse(null));
        body.put("problem", listening.problem().orElse(null));
        body.put("connections", (long) listening.connections());
    }

    static void put(Answer.Web web, Map<String, @Nullable Object> body) {
        body.put("url", web.url().orElse(null));
        body.put("address", web.endpoint().map(Endpoint::address).orElse(null));
        body.put("port", web.endpoint().map(endpoint -> (long) endpoint.port()).orElse(null));
        body.put("fingerprint", web.fingerprint().orElse(null));
    }

    static Answer.Web web(Fields fields) throws MalformedMessageException {
        Optional<String> address = fields.optionalText("address");
        try {
            return new Answer.Web(
                    fields.optionalText("url"),
                    address.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Endpoint(address.get(), fields.number("port"))),
                    fields.optionalText("fingerprint"));
        } catch (IllegalArgumentException invalid) {
            throw fields.wrong("address", String.valueOf(invalid.getMessage()));
        }
    }

    static Answer.Listening listening(Fields fields) throws MalformedMessageException {
        return new Answer.Listening(
                fields.flag("enabled", false),
                fields.text("address"),
                fields.number("port"),
                fields.text("tls"),
                fields.flag("client_certificates", false),
                fields.optionalText("fingerprint"),
                fields.optionalText("problem"),
                fields.number("connections", 0));
    }
}
