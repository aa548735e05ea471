package dev.bunctl.verticles.log;

import dev.bunctl.bridge.message.LogReading;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a reading goes on that was broken off.
 *
 * @param since when it began: of logs that came after, what arrived since is read
 * @param positions of the logs that it read
 */
public record LogResume(Instant since, Map<Path, LogPosition> positions) {
    public LogResume {
        positions = Map.copyOf(positions);
    }

    /**
     * Reads a place that came from outside; what is no position in it is left out.
     *
     * @throws java.nio.file.InvalidPathException when a log of it has no path
     */
    public static LogResume of(LogReading.Place place) {
        Map<Path, LogPosition> positions = new HashMap<>();
        place.at()
                .forEach((file, text) ->
                        LogPosition.parse(text).ifPresent(position -> positions.put(Path.of(file), position)));
        return new LogResume(place.since(), positions);
    }
}
