package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.server.JsonValues;
import dev.bunctl.bridge.server.Permissions;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@link Protocol#ARGV}: a command line and the terminal it was typed at.
 *
 * @param session where output is streamed to, or empty when all of it comes with the reply
 * @param stdoutIsTerminal whether somebody watches
 * @param colours whether output may have colours
 * @param columns of the terminal; 0 when there is none
 * @param zone in which the caller reads and writes times
 * @param resume where a follow goes on that another daemon began
 * @param environment of the caller, sent when a command needs it
 */
record CommandLine(
        List<String> argv,
        Optional<String> session,
        boolean stdoutIsTerminal,
        boolean colours,
        int columns,
        ZoneId zone,
        Optional<LogReading.Place> resume,
        Optional<Map<String, String>> environment) {
    /** A wider terminal is taken to be this wide. */
    static final int MAX_COLUMNS = 10_000;

    /** Logs of all nodes that a follow goes on with. */
    static final int MAX_PLACES = 65_536;

    /** Variables of one environment. */
    static final int MAX_VARIABLES = 10_000;

    CommandLine {
        argv = List.copyOf(argv);
        environment = environment.map(Map::copyOf);
    }

    /** How the answer is shown. */
    Presentation presentation(boolean json) {
        return new Presentation(json, colours, columns);
    }

    /**
     * Reads a body.
     *
     * @throws IllegalArgumentException naming the first member that is not as it should be
     */
    static CommandLine read(@Nullable Object body) {
        if (!(body instanceof JsonObject object)) {
            throw new IllegalArgumentException("an object expected");
        }
        Map<String, @Nullable Object> map = JsonValues.plain(object);
        Object version = map.get("version");
        if (!Long.valueOf(Protocol.VERSION).equals(version)) {
            throw new IllegalArgumentException("version: " + Protocol.VERSION + " expected, not " + version);
        }
        Map<?, ?> terminal = map.get("terminal") instanceof Map<?, ?> given ? given : Map.of();
        boolean watched = Boolean.TRUE.equals(terminal.get("stdout"));
        boolean plain = Boolean.TRUE.equals(map.get("no_color")) || "dumb".equals(map.get("term"));
        return new CommandLine(
                words(map.get("argv")),
                session(map.get("session")),
                watched,
                watched && !plain,
                watched ? columns(terminal.get("columns")) : 0,
                zone(map.get("time_zone")),
                resume(map.get("resume")),
                environment(map.get("environment")));
    }

    private static List<String> words(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            throw new IllegalArgumentException("argv: a list of texts expected");
        }
        List<String> words = new ArrayList<>(list.size());
        for (Object each : list) {
            if (!(each instanceof String word)) {
                throw new IllegalArgumentException("argv: a list of texts expected");
            }
            words.add(word);
        }
        return words;
    }

    private static Optional<String> session(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String id && Permissions.isSessionId(id)) {
            return Optional.of(id);
        }
        throw new IllegalArgumentException(
                "session: " + Protocol.SESSION_ID_LENGTH + " lower-case hexadecimal digits expected");
    }

    /** The zone that {@code TZ} names, see tzset(3); this host's where it names none that is known. */
    static ZoneId zone(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return ZoneId.systemDefault();
        }
        try {
            return ZoneId.of(text.startsWith(":") ? text.substring(1) : text);
        } catch (DateTimeException unknown) {
            return ZoneId.systemDefault();
        }
    }

    private static Optional<LogReading.Place> resume(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map)
                || !(map.get("since") instanceof String since)
                || !(map.get("at") instanceof Map<?, ?> at)
                || at.size() > MAX_PLACES) {
            throw new IllegalArgumentException("resume: what came with the text expected");
        }
        Map<String, String> places = new HashMap<>();
        at.forEach((log, place) -> places.put(String.valueOf(log), String.valueOf(place)));
        try {
            return Optional.of(new LogReading.Place(Instant.parse(since), places));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("resume: since: " + e.getMessage(), e);
        }
    }

    /** A terminal's width as a client says it, within bounds; 0 when it says none. */
    static int columns(@Nullable Object value) {
        return value instanceof Long columns ? Math.clamp(columns, 0, MAX_COLUMNS) : 0;
    }

    private static Optional<Map<String, String>> environment(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map) || map.size() > MAX_VARIABLES) {
            throw new IllegalArgumentException(
                    "environment: an object of at most " + MAX_VARIABLES + " texts expected");
        }
        Map<String, String> environment = new LinkedHashMap<>();
        map.forEach((name, text) -> {
            if (!(text instanceof String variable)) {
                throw new IllegalArgumentException("environment: " + name + " is no text");
            }
            environment.put(String.valueOf(name), variable);
        });
        return Optional.of(environment);
    }
}
