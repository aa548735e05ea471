package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogSource;
import dev.bunctl.verticles.log.frame.DayjsPattern;
import dev.bunctl.verticles.log.frame.JsonLines;
import dev.bunctl.verticles.log.frame.LineFormat;
import dev.bunctl.verticles.log.frame.PrefixedLines;
import dev.bunctl.verticles.log.frame.TimestampedLines;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where one stream of one instance goes and how. Pure.
 *
 * @param files none, one, or its own and the combined one
 * @param inherited whether it goes to the same stream of this process, too
 * @param raw whether bytes go as they came, without a look at lines
 * @param shared whether another stream writes to one of the files
 */
record StreamLogs(List<Path> files, boolean inherited, boolean raw, boolean shared) {
    StreamLogs {
        files = List.copyOf(files);
    }

    static StreamLogs of(AppSpec spec, InstanceLogs logs, LogSource.Stream stream) {
        LogPolicy policy = spec.logs();
        List<Path> files = new ArrayList<>();
        Optional<Path> own = stream == LogSource.Stream.STDOUT ? logs.stdout() : logs.stderr();
        own.ifPresent(files::add);
        logs.combined().filter(file -> !files.contains(file)).ifPresent(files::add);
        boolean shared =
                policy.merged() || logs.combined().isPresent() || logs.stdout().equals(logs.stderr());
        LogPolicy.Target target = stream == LogSource.Stream.STDOUT ? policy.stdout() : policy.stderr();
        boolean inherited = target instanceof LogPolicy.Inherited;
        return new StreamLogs(
                files, inherited, policy.format() instanceof LogPolicy.Raw && !shared && !inherited, shared);
    }

    static LineFormat format(AppSpec spec, int instance, LogSource.Stream stream, ZoneId zone) {
        return switch (spec.logs().format()) {
            case LogPolicy.Raw raw -> LineFormat.plain();
            case LogPolicy.Prefixed prefixed ->
                new PrefixedLines(spec.name().value() + ":" + instance, prefixed.width());
            case LogPolicy.Timestamped timestamped ->
                new TimestampedLines(DayjsPattern.of(timestamped.pattern(), zone));
            case LogPolicy.JsonLines json ->
                new JsonLines(spec.name().value(), instance, stream == LogSource.Stream.STDOUT ? "out" : "err");
        };
    }
}
