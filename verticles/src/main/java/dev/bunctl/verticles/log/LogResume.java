package dev.bunctl.verticles.log;

import java.nio.file.Path;
import java.time.Instant;
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
}
