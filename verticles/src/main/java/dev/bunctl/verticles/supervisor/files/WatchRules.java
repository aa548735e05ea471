package dev.bunctl.verticles.supervisor.files;

import dev.bunctl.conf.WatchPattern;
import dev.bunctl.conf.WatchPolicy;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which paths matter to an app. Pure: no path is looked at. */
final class WatchRules {
    private final List<Root> roots = new ArrayList<>();
    private final List<PathMatcher> ignored;
    private final List<Path> never;

    /**
     * The rules of an app.
     *
     * @param directory where ignore patterns with a slash begin
     * @param never files that are ours, such as logs, with all that only begins like them
     * @throws IllegalArgumentException when a pattern is none
     */
    WatchRules(WatchPolicy policy, Path directory, List<Path> never) {
        for (Path path : policy.paths()) {
            Path base = WatchPattern.base(path);
            roots.add(new Root(base, base.equals(path) ? Optional.empty() : Optional.of(WatchPattern.matcher(path))));
        }
        this.ignored = policy.ignored().stream()
                .map(pattern -> WatchPattern.ignoring(pattern, directory))
                .toList();
        this.never = List.copyOf(never);
    }

    /**
     * Something that is watched.
     *
     * @param base a file or folder without patterns
     * @param pattern what below it matters, or empty for everything
     */
    private record Root(Path base, Optional<PathMatcher> pattern) {
        boolean includes(Path file) {
            return file.startsWith(base) && (pattern.isEmpty() || pattern.get().matches(file));
        }
    }

    /** The files and folders at which watching begins. */
    List<Path> bases() {
        return roots.stream().map(Root::base).distinct().toList();
    }

    /** Whether a change of this file matters. */
    boolean matters(Path file) {
        return roots.stream().anyMatch(root -> root.includes(file)) && !isIgnored(file);
    }

    /** Whether something below this folder, or on the way to it, may matter. */
    boolean descends(Path folder) {
        return roots.stream()
                        .anyMatch(root ->
                                folder.startsWith(root.base()) || root.base().startsWith(folder))
                && !isIgnored(folder);
    }

    /** Whether everything in this folder is to be looked at, and not only the way to what is watched. */
    boolean isInside(Path folder) {
        return roots.stream().anyMatch(root -> folder.startsWith(root.base()));
    }

    /** What is watched on purpose is never ignored. Folders above a path were asked about before. */
    private boolean isIgnored(Path path) {
        if (roots.stream().anyMatch(root -> root.base().startsWith(path))) {
            return false;
        }
        return never.stream().anyMatch(ours -> path.toString().startsWith(ours.toString()))
                || ignored.stream().anyMatch(pattern -> pattern.matches(path));
    }
}
