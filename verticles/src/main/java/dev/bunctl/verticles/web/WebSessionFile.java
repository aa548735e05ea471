package dev.bunctl.verticles.web;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.verticles.state.AtomicFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who is logged in, kept for the next daemon: {@code state/web-sessions.json}. Only hashes of the secrets are in it. */
final class WebSessionFile {
    private static final System.Logger LOG = System.getLogger(WebSessionFile.class.getName());
    private static final int MAX_BYTES = 1 << 20;

    private final Vertx vertx;
    private final AtomicFile file;

    WebSessionFile(Vertx vertx, Path home) {
        this.vertx = vertx;
        this.file = new AtomicFile(home.resolve("state"), "web-sessions.json", MAX_BYTES);
    }

    /** What a former daemon kept. A file that makes no sense logs everybody out, and says so. Blocks. */
    List<WebSession> read() {
        try {
            Optional<byte[]> bytes = file.read();
            if (bytes.isEmpty()
                    || !(Json.readObject(new String(bytes.get(), StandardCharsets.UTF_8))
                                    .get("sessions")
                            instanceof List<?> sessions)) {
                return List.of();
            }
            List<WebSession> known = new ArrayList<>();
            for (Object session : sessions) {
                known.add(session(session));
            }
            return known.size() > WebSessions.MAX ? List.of() : known;
        } catch (IOException | IllegalArgumentException | DateTimeException invalid) {
            LOG.log(System.Logger.Level.WARNING, "{0} is not valid; a new login is needed: {1}", file.path(), invalid);
            return List.of();
        }
    }

    private static WebSession session(Object one) {
        if (one instanceof Map<?, ?> map
                && map.get("hash") instanceof String hash
                && map.get("name") instanceof String name
                && map.get("role") instanceof String role
                && map.get("from") instanceof String from
                && map.get("expires_at") instanceof String expiresAt) {
            return new WebSession(
                    hash, name, Role.valueOf(role.toUpperCase(Locale.ROOT)), from, Instant.parse(expiresAt));
        }
        throw new IllegalArgumentException("a session has hash, name, role, from and expires_at");
    }

    /** Keeps them, behind what is being written already. */
    void write(Collection<WebSession> sessions) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (WebSession session : sessions) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("hash", session.hash());
            one.put("name", session.name());
            one.put("role", session.role().name().toLowerCase(Locale.ROOT));
            one.put("from", session.from());
            one.put("expires_at", session.expiresAt().toString());
            all.add(one);
        }
        byte[] bytes = Json.writeBytes(Map.of("version", 1L, "sessions", all));
        Future<Void> written = vertx.executeBlocking(() -> {
            file.replace(bytes);
            return null;
        });
        written.onFailure(cause ->
                LOG.log(System.Logger.Level.WARNING, "logins will not outlive this daemon: {0}", cause.getMessage()));
    }
}
