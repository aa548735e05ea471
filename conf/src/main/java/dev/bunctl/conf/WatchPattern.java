package dev.bunctl.conf;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/**
 * Patterns of files: {@code *} within a name, {@code **} over folders, {@code ?}, {@code [a-z]} and {@code {a,b}}, as in
 * {@link java.nio.file.FileSystem#getPathMatcher}. Pure.
 */
public final class WatchPattern {
    private static final String ANYWHERE = "**/";
    private static final String SPECIAL = "*?[{";

    private WatchPattern() {}

    /** The part of a path before the first name that is a pattern; the path itself when none is. */
    public static Path base(Path path) {
        Path base = path.getRoot();
        for (Path name : path) {
            if (name.toString().chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0)) {
                return base == null ? Path.of("") : base;
            }
            base = base == null ? name : base.resolve(name);
        }
        return path;
    }

    /**
     * What a path of {@code watch} means.
     *
     * @throws IllegalArgumentException when it is no pattern
     */
    public static PathMatcher matcher(Path path) {
        return glob(path.toString());
    }

    /**
     * What an entry of {@code ignore_watch} means: one without a slash is a name anywhere, one with a slash is a path that
     * begins in the app's folder. A folder that matches is left out with all that it holds.
     *
     * @param directory the app's folder
     * @throws IllegalArgumentException when it is no pattern
     */
    public static PathMatcher ignoring(String pattern, Path directory) {
        String body = pattern.strip();
        body = body.startsWith("./") ? body.substring(2) : body;
        body = body.endsWith("/**") ? body.substring(0, body.length() - 3) : body;
        body = body.endsWith("/") && body.length() > 1 ? body.substring(0, body.length() - 1) : body;
        boolean anywhere = body.startsWith(ANYWHERE);
        String rest = anywhere ? body.substring(ANYWHERE.length()) : body;
        if (!rest.contains("/")) {
            PathMatcher name = glob(rest);
            return path -> path.getFileName() != null && name.matches(path.getFileName());
        }
        PathMatcher whole = glob(body);
        if (anywhere || body.startsWith("/")) {
            return whole;
        }
        return path -> path.startsWith(directory) && whole.matches(directory.relativize(path));
    }

    private static PathMatcher glob(String pattern) {
        // A pattern that is none is an IllegalArgumentException (PatternSyntaxException) here.
        return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    }
}
