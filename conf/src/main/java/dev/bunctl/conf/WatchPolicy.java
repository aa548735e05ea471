package dev.bunctl.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Which file changes restart an app.
 *
 * @param paths absolute files and folders
 * @param ignored glob patterns; {@code node_modules}, {@code .git} and log files unless given
 * @param delay how long changes must have paused
 */
public record WatchPolicy(List<Path> paths, List<String> ignored, Duration delay) {
    public WatchPolicy {
        paths = List.copyOf(paths);
        ignored = List.copyOf(ignored);
    }
}
