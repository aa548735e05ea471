package dev.bunctl.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Which file changes restart an app.
 *
 * @param paths absolute files and folders, or patterns of them, see {@link WatchPattern}
 * @param ignored patterns as {@link WatchPattern#ignoring} reads them
 * @param delay how long changes must have paused
 * @param enabled whether changes restart it now; what is watched is kept either way
 */
public record WatchPolicy(List<Path> paths, List<String> ignored, Duration delay, boolean enabled) {
    /** What never matters unless an app says what does. */
    public static final List<String> IGNORED = List.of("**/node_modules/**", "**/.git/**", "**/logs/**", "**/*.log");

    public static final Duration DEFAULT_DELAY = Duration.ofMillis(200);

    public WatchPolicy {
        paths = List.copyOf(paths);
        ignored = List.copyOf(ignored);
    }

    /** A policy that is on. */
    public WatchPolicy(List<Path> paths, List<String> ignored, Duration delay) {
        this(paths, ignored, delay, true);
    }

    /** Everything in an app's folder but what never matters. */
    public static WatchPolicy of(Path directory) {
        return new WatchPolicy(List.of(directory), IGNORED, DEFAULT_DELAY);
    }

    /** The same files, watched or not. */
    public WatchPolicy enabled(boolean now) {
        return new WatchPolicy(paths, ignored, delay, now);
    }
}
