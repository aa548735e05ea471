package dev.bunctl.conf.resolve;

import dev.bunctl.conf.CronRestart;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.RunAs;
import dev.bunctl.conf.WatchPattern;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** What an app may use, who it runs as, and what of the host restarts it. */
final class HostParts {
    private HostParts() {}

    static Limits limits(DeclaredApp app, Starter starter) {
        return new Limits(
                app.value(Field.MAX_MEMORY, Long.class),
                app.value(Field.MAX_MEMORY_RESTART, Long.class),
                app.value(Field.MAX_CPU_PERCENT, Double.class),
                number(app, Field.CPU_WEIGHT),
                number(app, Field.MAX_PIDS),
                app.value(Field.LIMITS, String.class).orElse("").equals("strict"),
                DeclaredApp.elements(app.value(Field.RLIMITS, List.class).orElse(List.of())),
                number(app, Field.NICE),
                number(app, Field.OOM_SCORE_ADJ),
                starter.softLimits());
    }

    private static OptionalInt number(DeclaredApp app, Field field) {
        return app.value(field, Long.class)
                .map(value -> OptionalInt.of(value.intValue()))
                .orElse(OptionalInt.empty());
    }

    static Optional<RunAs> user(DeclaredApp app, Texts texts) throws ConfigException {
        Optional<String> user = texts.one(Field.USER);
        if (user.isEmpty()) {
            for (Field field : List.of(Field.GROUP, Field.NO_NEW_PRIVS, Field.CAPABILITIES)) {
                if (app.has(field)) {
                    throw ConfigException.invalid(app.at(field), "'" + field.key() + "' needs 'uid' beside it");
                }
            }
            return Optional.empty();
        }
        return Optional.of(new RunAs(
                user.get(),
                texts.one(Field.GROUP),
                app.value(Field.NO_NEW_PRIVS, Boolean.class).orElse(true),
                texts.all(Field.CAPABILITIES)));
    }

    static Optional<CronRestart> cron(DeclaredApp app, Texts texts) throws ConfigException {
        Optional<String> expression = texts.one(Field.CRON_RESTART);
        if (expression.isEmpty() || expression.get().equals("0")) {
            return Optional.empty();
        }
        String zone = texts.one(Field.CRON_TIMEZONE).orElse("UTC");
        Optional<String> problem = CronSyntax.problemOf(expression.get());
        if (problem.isPresent()) {
            throw ConfigException.invalid(
                    app.at(Field.CRON_RESTART),
                    "'cron_restart': " + problem.get() + ", not '" + expression.get() + "'");
        }
        try {
            return Optional.of(new CronRestart(expression.get(), ZoneId.of(zone)));
        } catch (DateTimeException unknown) {
            throw ConfigException.invalid(
                    app.at(Field.CRON_TIMEZONE),
                    "'cron_timezone': a time zone such as Europe/Vienna expected, not '" + zone + "'");
        }
    }

    static Optional<WatchPolicy> watch(DeclaredApp app, Texts texts, Path directory) throws ConfigException {
        List<String> watched = texts.all(Field.WATCH);
        if (watched.isEmpty()) {
            return Optional.empty();
        }
        var paths = new ArrayList<Path>();
        for (String path : watched) {
            paths.add(texts.path(app.at(Field.WATCH), "watch", path, directory));
        }
        List<String> ignored = app.has(Field.IGNORE_WATCH) ? texts.all(Field.IGNORE_WATCH) : WatchPolicy.IGNORED;
        for (Path path : paths) {
            checkPattern(app.at(Field.WATCH), "watch", () -> WatchPattern.matcher(path));
        }
        for (String pattern : ignored) {
            checkPattern(app.at(Field.IGNORE_WATCH), "ignore_watch", () -> WatchPattern.ignoring(pattern, directory));
        }
        return Optional.of(new WatchPolicy(
                paths, ignored, app.value(Field.WATCH_DELAY, Duration.class).orElse(WatchPolicy.DEFAULT_DELAY)));
    }

    private static void checkPattern(Location at, String field, Supplier<PathMatcher> compiled) throws ConfigException {
        try {
            PathMatcher _ = compiled.get();
        } catch (IllegalArgumentException invalid) {
            throw ConfigException.invalid(
                    at, "'" + field + "': a pattern such as src/**/*.ts expected (" + invalid.getMessage() + ")");
        }
    }
}
