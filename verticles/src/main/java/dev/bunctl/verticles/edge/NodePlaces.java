package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.conf.daemon.ClusterSettings;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the reading of one node's logs stands. Among the places of a client they stand behind the node's name and a colon, its
 * beginning behind that alone; paths begin with a slash, so neither is taken for a log of this host.
 */
final class NodePlaces {
    private final String prefix;
    private final Map<String, String> at;
    private Optional<Instant> since;

    NodePlaces(String node, Optional<Instant> since, Map<String, String> at) {
        this.prefix = node + ":";
        this.since = since;
        this.at = new HashMap<>(at);
    }

    /** Takes what is a node's out of a client's places; nothing when the node was not read yet. */
    static NodePlaces of(String node, Optional<LogReading.Place> all) {
        NodePlaces places = new NodePlaces(node, Optional.empty(), Map.of());
        all.ifPresent(place -> place.at().forEach((name, text) -> {
            if (name.startsWith(places.prefix)) {
                places.read(name.substring(places.prefix.length()), text);
            }
        }));
        return places;
    }

    /** Those that a client's places are of. */
    static Set<String> nodes(LogReading.Place all) {
        return all.at().keySet().stream()
                .filter(name -> name.indexOf(':') == name.length() - 1)
                .map(name -> name.substring(0, name.length() - 1))
                .filter(ClusterSettings::isName)
                .collect(Collectors.toSet());
    }

    private void read(String log, String text) {
        if (!log.isEmpty()) {
            at.put(log, text);
            return;
        }
        try {
            since = Optional.of(Instant.parse(text));
        } catch (DateTimeException invalid) {
            throw new IllegalArgumentException("resume: " + prefix + " " + invalid.getMessage(), invalid);
        }
    }

    /** Where to go on; empty for the beginning. */
    Optional<LogReading.Place> from() {
        return since.map(time -> new LogReading.Place(time, at));
    }

    /** The reading has come further; tells the client's places what is news in that. */
    void moved(LogReading.Place place, JsonObject news) {
        if (since.isEmpty() || !since.get().equals(place.since())) {
            since = Optional.of(place.since());
            news.put(prefix, place.since().toString());
        }
        at.putAll(place.at());
        place.at().forEach((log, text) -> news.put(prefix + log, text));
    }
}
