package dev.bunctl.verticles.log;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.verticles.log.files.LogNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where the output of one instance goes. Paths only; the files need not exist.
 *
 * @param stdout empty when it goes nowhere
 * @param stderr empty when it goes nowhere
 * @param combined a file for both, if asked for
 */
public record InstanceLogs(
        String app, OptionalInt instance, Optional<Path> stdout, Optional<Path> stderr, Optional<Path> combined) {

    /**
     * The logs of one instance.
     *
     * @param folder {@code <home>/logs}, absolute
     * @param instance its number, from 0
     */
    public static InstanceLogs of(Path folder, AppSpec spec, int instance) {
        LogPolicy policy = spec.logs();
        // Never by the count: a file must not change its name because the app is scaled.
        boolean plain = policy.merged() || instance == 0;
        OptionalInt suffix = plain ? OptionalInt.empty() : OptionalInt.of(instance);
        String app = spec.name().value();
        return new InstanceLogs(
                app,
                policy.merged() ? OptionalInt.empty() : OptionalInt.of(instance),
                path(policy.stdout(), folder, LogNames.stdout(app, suffix), suffix),
                path(policy.stderr(), folder, LogNames.stderr(app, suffix), suffix),
                policy.combined().map(file -> LogNames.numbered(file, suffix)));
    }

    private static Optional<Path> path(LogPolicy.Target target, Path folder, String name, OptionalInt suffix) {
        return switch (target) {
            case LogPolicy.Standard standard -> Optional.of(folder.resolve(name));
            case LogPolicy.File file -> Optional.of(LogNames.numbered(file.path(), suffix));
            case LogPolicy.Inherited inherited -> Optional.empty();
            case LogPolicy.Nowhere nowhere -> Optional.empty();
        };
    }

    /** Every file that is written to, each once. */
    public List<Path> files() {
        return Stream.of(stdout, stderr, combined)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** The files to read for some streams. A combined file is read only where it is the only one. */
    public List<LogSource> sources(boolean out, boolean err) {
        List<LogSource> sources = new ArrayList<>();
        if (out) {
            stdout.ifPresent(file -> sources.add(source(LogSource.Stream.STDOUT, file)));
        }
        if (err) {
            stderr.ifPresent(file -> sources.add(source(LogSource.Stream.STDERR, file)));
        }
        if (stdout.isEmpty() && stderr.isEmpty()) {
            combined.ifPresent(file -> sources.add(source(LogSource.Stream.COMBINED, file)));
        }
        return List.copyOf(sources);
    }

    private LogSource source(LogSource.Stream stream, Path file) {
        return new LogSource(app, instance, stream, file);
    }
}
