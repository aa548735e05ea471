package dev.bunctl.conf.codec;

import static dev.bunctl.conf.codec.AppSpecCodec.object;

import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.LogPolicy.Rotation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Where output goes. */
final class LogPolicyCodec {
    private LogPolicyCodec() {}

    static Map<String, Object> logs(LogPolicy logs) {
        return object(
                "stdout",
                target(logs.stdout()),
                "stderr",
                target(logs.stderr()),
                "combined",
                logs.combined().map(Path::toString).orElse(null),
                "merged",
                logs.merged(),
                "format",
                format(logs.format()),
                "max_line_bytes",
                (long) logs.maxLineBytes(),
                "when_full",
                Members.word(logs.whenFull()),
                "sync_every_ms",
                logs.syncEvery().map(Duration::toMillis).orElse(null),
                "rotation",
                rotation(logs.rotation()));
    }

    static LogPolicy logs(Members members) {
        LogPolicy absent = LogPolicy.DEFAULT;
        return new LogPolicy(
                members.object("stdout", LogPolicyCodec::target, absent.stdout()),
                members.object("stderr", LogPolicyCodec::target, absent.stderr()),
                members.optionalPath("combined"),
                members.flag("merged", absent.merged()),
                members.object("format", LogPolicyCodec::format, absent.format()),
                members.number("max_line_bytes", absent.maxLineBytes()),
                members.constant("when_full", LogPolicy.WhenFull.values(), absent.whenFull()),
                members.optionalTime("sync_every_ms"),
                members.object("rotation", LogPolicyCodec::rotation, absent.rotation()));
    }

    private static Map<String, Object> target(LogPolicy.Target target) {
        return switch (target) {
            case LogPolicy.Standard() -> object("kind", "standard");
            case LogPolicy.File(var path) -> object("kind", "file", "path", path.toString());
            case LogPolicy.Inherited() -> object("kind", "inherited");
            case LogPolicy.Nowhere() -> object("kind", "nowhere");
        };
    }

    private static LogPolicy.Target target(Members members) {
        String kind = members.text("kind");
        return switch (kind) {
            case "standard" -> new LogPolicy.Standard();
            case "file" -> new LogPolicy.File(members.path("path"));
            case "inherited" -> new LogPolicy.Inherited();
            case "nowhere" -> new LogPolicy.Nowhere();
            default -> throw members.unknownKind(kind);
        };
    }

    private static Map<String, Object> format(LogPolicy.Format format) {
        return switch (format) {
            case LogPolicy.Raw() -> object("kind", "raw");
            case LogPolicy.Timestamped(var pattern) -> object("kind", "timestamped", "pattern", pattern);
            case LogPolicy.Prefixed(int width) -> object("kind", "prefixed", "width", (long) width);
            case LogPolicy.JsonLines() -> object("kind", "json");
        };
    }

    private static LogPolicy.Format format(Members members) {
        String kind = members.text("kind");
        return switch (kind) {
            case "raw" -> new LogPolicy.Raw();
            case "timestamped" -> new LogPolicy.Timestamped(members.text("pattern"));
            case "prefixed" -> new LogPolicy.Prefixed(members.number("width", 0));
            case "json" -> new LogPolicy.JsonLines();
            default -> throw members.unknownKind(kind);
        };
    }

    private static Map<String, Object> rotation(Rotation rotation) {
        return object(
                "max_bytes", rotation.maxBytes(),
                "every_ms", rotation.every().map(Duration::toMillis).orElse(null),
                "cron", rotation.cron().orElse(null),
                "keep", (long) rotation.keep(),
                "max_age_ms", rotation.maxAge().map(Duration::toMillis).orElse(null),
                "max_total_bytes", rotation.maxTotalBytes(),
                "compress", rotation.compress());
    }

    private static Rotation rotation(Members members) {
        Rotation absent = Rotation.DEFAULT;
        return new Rotation(
                members.whole("max_bytes", absent.maxBytes()),
                members.optionalTime("every_ms"),
                members.optionalText("cron"),
                members.number("keep", absent.keep()),
                members.optionalTime("max_age_ms"),
                members.whole("max_total_bytes", absent.maxTotalBytes()),
                members.flag("compress", absent.compress()));
    }
}
