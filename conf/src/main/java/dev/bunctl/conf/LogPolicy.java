package dev.bunctl.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where output goes and for how long it is kept.
 *
 * @param stdout where stdout goes
 * @param stderr where stderr goes
 * @param combined a file for both, or empty
 * @param merged whether all instances share the files
 * @param format how a line is written
 * @param maxLineBytes where a longer line is cut and marked
 * @param whenFull what gives way when the disk is slower than the app
 * @param syncEvery how much time's output a loss of power may take, or empty to leave that to the kernel
 * @param rotation when a file is put aside, and how long those are kept
 */
public record LogPolicy(
        Target stdout,
        Target stderr,
        Optional<Path> combined,
        boolean merged,
        Format format,
        int maxLineBytes,
        WhenFull whenFull,
        Optional<Duration> syncEvery,
        Rotation rotation) {
    public static final LogPolicy DEFAULT = new LogPolicy(
            new Standard(),
            new Standard(),
            Optional.empty(),
            false,
            new Raw(),
            1 << 20,
            WhenFull.BLOCK,
            Optional.empty(),
            Rotation.DEFAULT);

    /** The same by other roads and in another form. */
    public LogPolicy to(Target out, Target err, Format other) {
        return new LogPolicy(out, err, combined, merged, other, maxLineBytes, whenFull, syncEvery, rotation);
    }

    /** Where one stream goes. */
    public sealed interface Target {}

    /** {@code <home>/logs/<app>-out.log} and the like. */
    public record Standard() implements Target {}

    /** An absolute path of the user's own. */
    public record File(Path path) implements Target {}

    /** The same stream of the command that runs it in the foreground. */
    public record Inherited() implements Target {}

    /** Nowhere. */
    public record Nowhere() implements Target {}

    /** How a line is written. */
    public sealed interface Format {}

    /** As it came. */
    public record Raw() implements Format {}

    /** Behind the time of its arrival, by a day.js pattern as in PM2, or {@code ISO}. */
    public record Timestamped(String pattern) implements Format {}

    /** Behind the name of the instance, {@code api:0 | } for example, which is filled up to a width in characters. */
    public record Prefixed(int width) implements Format {}

    /** As one JSON object a line. */
    public record JsonLines() implements Format {}

    /** What gives way when the disk is slower than the app. */
    public enum WhenFull {
        /** The app waits. */
        BLOCK,
        /** Output is dropped, counted and announced. */
        DROP
    }

    /**
     * When a file is put aside and how long those are kept.
     *
     * @param maxBytes size at which a file is put aside
     * @param every time after which it is put aside, or empty
     * @param cron five or six cron fields, read in the host's time zone, at whose times it is put aside, or empty
     * @param keep how many files put aside are kept
     * @param maxAge after which they are deleted, or empty
     * @param maxTotalBytes what all files of one stream may take together
     * @param compress whether they are compressed
     */
    public record Rotation(
            long maxBytes,
            Optional<Duration> every,
            Optional<String> cron,
            int keep,
            Optional<Duration> maxAge,
            long maxTotalBytes,
            boolean compress) {
        public static final Rotation DEFAULT =
                new Rotation(10L << 20, Optional.empty(), Optional.empty(), 10, Optional.empty(), 100L << 20, false);
    }
}
