package dev.bunctl.conf.resolve;

import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where an app's output goes. */
final class LogParts {
    /** What PM2's {@code time: true} stands for. */
    private static final String TIME_PATTERN = "YYYY-MM-DDTHH:mm:ss";

    private static final long MIN_LINE = 256;
    private static final long MAX_LINE = 64 << 20;

    private LogParts() {}

    static LogPolicy logs(DeclaredApp app, Texts texts, Path directory) throws ConfigException {
        LogPolicy absent = LogPolicy.DEFAULT;
        return new LogPolicy(
                target(Field.STDOUT_LOG, texts, directory),
                target(Field.STDERR_LOG, texts, directory),
                combined(texts, directory),
                app.value(Field.MERGE_LOGS, Boolean.class).orElse(absent.merged()),
                format(app, texts),
                maxLine(app),
                app.value(Field.LOG_WHEN_FULL, String.class).orElse("block").equals("drop")
                        ? LogPolicy.WhenFull.DROP
                        : LogPolicy.WhenFull.BLOCK,
                app.value(Field.LOG_SYNC_EVERY, Duration.class).filter(every -> !every.isZero()),
                rotation(app, texts));
    }

    private static boolean isNowhere(String text) {
        return text.equals("none") || text.equals("/dev/null") || text.equals("NULL") || text.equals("null");
    }

    private static LogPolicy.Target target(Field field, Texts texts, Path directory) throws ConfigException {
        Optional<String> text = texts.one(field);
        if (text.isEmpty() || text.get().isBlank()) {
            return new LogPolicy.Standard();
        }
        if (isNowhere(text.get())) {
            return new LogPolicy.Nowhere();
        }
        return texts.path(field, directory)
                .<LogPolicy.Target>map(LogPolicy.File::new)
                .orElse(new LogPolicy.Standard());
    }

    private static Optional<Path> combined(Texts texts, Path directory) throws ConfigException {
        Optional<String> text = texts.one(Field.COMBINED_LOG);
        return text.isEmpty() || text.get().isBlank() || isNowhere(text.get())
                ? Optional.empty()
                : texts.path(Field.COMBINED_LOG, directory);
    }

    private static LogPolicy.Format format(DeclaredApp app, Texts texts) throws ConfigException {
        if (app.value(Field.LOG_TYPE, String.class).orElse("raw").equals("json")) {
            return new LogPolicy.JsonLines();
        }
        Optional<String> pattern = texts.one(Field.LOG_DATE_FORMAT).filter(text -> !text.isBlank());
        if (pattern.isPresent()) {
            return new LogPolicy.Timestamped(pattern.get());
        }
        return app.value(Field.TIME, Boolean.class).orElse(false)
                ? new LogPolicy.Timestamped(TIME_PATTERN)
                : new LogPolicy.Raw();
    }

    private static int maxLine(DeclaredApp app) throws ConfigException {
        long bytes = app.value(Field.LOG_MAX_LINE, Long.class).orElse((long) LogPolicy.DEFAULT.maxLineBytes());
        if (bytes < MIN_LINE || bytes > MAX_LINE) {
            throw ConfigException.invalid(app.at(Field.LOG_MAX_LINE), "'logs.max_line': 256 bytes to 64M expected");
        }
        return Math.toIntExact(bytes);
    }

    private static LogPolicy.Rotation rotation(DeclaredApp app, Texts texts) throws ConfigException {
        LogPolicy.Rotation absent = LogPolicy.Rotation.DEFAULT;
        return new LogPolicy.Rotation(
                app.value(Field.LOG_MAX_SIZE, Long.class).orElse(absent.maxBytes()),
                app.value(Field.LOG_EVERY, Duration.class).filter(every -> !every.isZero()),
                cron(app, texts),
                app.value(Field.LOG_KEEP, Long.class).map(Long::intValue).orElse(absent.keep()),
                app.value(Field.LOG_MAX_AGE, Duration.class).filter(age -> !age.isZero()),
                app.value(Field.LOG_MAX_TOTAL, Long.class).orElse(absent.maxTotalBytes()),
                app.value(Field.LOG_COMPRESS, Boolean.class).orElse(absent.compress()));
    }

    private static Optional<String> cron(DeclaredApp app, Texts texts) throws ConfigException {
        Optional<String> expression = texts.one(Field.LOG_CRON).filter(text -> !text.isBlank());
        Optional<String> problem = expression.flatMap(CronSyntax::problemOf);
        if (problem.isPresent()) {
            throw ConfigException.invalid(
                    app.at(Field.LOG_CRON), "'logs.cron': " + problem.get() + ", not '" + expression.get() + "'");
        }
        return expression;
    }
}
