package dev.bunctl.conf.resolve;

import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.RestartPolicy.Backoff;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** When an app is restarted, how it is ended, and how it is seen to be up and well. */
final class Policies {
    private static final String LOCAL = "127.0.0.1";

    private Policies() {}

    static RestartPolicy restart(DeclaredApp app) throws ConfigException {
        RestartPolicy absent = RestartPolicy.DEFAULT;
        return new RestartPolicy(
                mode(app),
                app.value(Field.MAX_RESTARTS, Long.class).map(Long::intValue).orElse(absent.maxRestarts()),
                app.value(Field.RESTART_WINDOW, Duration.class).orElse(absent.window()),
                app.value(Field.MIN_UPTIME, Duration.class).orElse(absent.minUptime()),
                app.value(Field.RESTART_DELAY, Duration.class).orElse(absent.delay()),
                backoff(app),
                codes(app, Field.SUCCESS_EXIT_CODES, absent.successExitCodes()),
                signals(app, Field.SUCCESS_SIGNALS),
                codes(app, Field.STOP_EXIT_CODES, absent.stopExitCodes()),
                signals(app, Field.STOP_SIGNALS),
                app.value(Field.EXHAUSTED_ACTION, String.class).orElse("stop").equals("stop")
                        ? RestartPolicy.Exhausted.STOP
                        : RestartPolicy.Exhausted.REMOVE);
    }

    private static RestartPolicy.Mode mode(DeclaredApp app) throws ConfigException {
        Optional<String> policy = app.value(Field.RESTART_POLICY, String.class);
        Optional<Boolean> auto = app.value(Field.AUTORESTART, Boolean.class);
        if (policy.isPresent() && auto.isPresent() && auto.get() == policy.get().equals("no")) {
            throw ConfigException.invalid(
                    app.at(Field.AUTORESTART),
                    "'autorestart': " + auto.get() + " contradicts restart_policy '" + policy.get() + "'");
        }
        if (policy.isEmpty()) {
            return auto.orElse(true) ? RestartPolicy.Mode.ALWAYS : RestartPolicy.Mode.NO;
        }
        return switch (policy.get()) {
            case "on-failure" -> RestartPolicy.Mode.ON_FAILURE;
            case "no" -> RestartPolicy.Mode.NO;
            default -> RestartPolicy.Mode.ALWAYS;
        };
    }

    /** A longer first wait than the longest wait raises the latter, unless both are given. */
    private static Backoff backoff(DeclaredApp app) throws ConfigException {
        Duration initial = app.value(Field.BACKOFF_INITIAL, Duration.class).orElse(Backoff.DEFAULT.initial());
        Duration most = app.value(Field.BACKOFF_MAX, Duration.class).orElse(Backoff.DEFAULT.cap());
        if (most.compareTo(initial) < 0) {
            if (app.has(Field.BACKOFF_MAX) && app.has(Field.BACKOFF_INITIAL)) {
                throw ConfigException.invalid(
                        app.at(Field.BACKOFF_MAX), "'backoff.max': at least backoff.initial expected");
            }
            most = app.has(Field.BACKOFF_MAX) ? most : initial;
            initial = most.compareTo(initial) < 0 ? most : initial;
        }
        return new Backoff(
                initial,
                app.value(Field.BACKOFF_MULTIPLIER, Double.class).orElse(Backoff.DEFAULT.multiplier()),
                most,
                app.value(Field.BACKOFF_JITTER, Double.class).orElse(Backoff.DEFAULT.jitter()));
    }

    @SuppressWarnings("unchecked")
    private static Set<Integer> codes(DeclaredApp app, Field field, Set<Integer> absent) {
        return app.value(field, Set.class).map(codes -> (Set<Integer>) codes).orElse(absent);
    }

    @SuppressWarnings("unchecked")
    private static Set<String> signals(DeclaredApp app, Field field) {
        return app.value(field, Set.class).map(names -> (Set<String>) names).orElse(Set.of());
    }

    static StopPolicy stop(DeclaredApp app) throws ConfigException {
        Duration timeout = app.value(Field.KILL_TIMEOUT, Duration.class).orElse(StopPolicy.DEFAULT.timeout());
        if (timeout.compareTo(Duration.ofHours(1)) > 0) {
            throw ConfigException.invalid(app.at(Field.KILL_TIMEOUT), "'kill_timeout': at most 1h expected");
        }
        boolean process =
                app.value(Field.KILL_MODE, String.class).orElse("tree").equals("process")
                        || (!app.has(Field.KILL_MODE)
                                && !app.value(Field.TREEKILL, Boolean.class).orElse(true));
        return new StopPolicy(
                app.value(Field.STOP_SIGNAL, String.class).orElse(StopPolicy.DEFAULT.signal()),
                timeout,
                app.value(Field.SHUTDOWN_WITH_MESSAGE, Boolean.class).orElse(false),
                process ? StopPolicy.KillMode.PROCESS : StopPolicy.KillMode.TREE);
    }

    static Readiness readiness(DeclaredApp app, Texts texts) throws ConfigException {
        return new Readiness(
                sign(app, texts),
                app.value(Field.LISTEN_TIMEOUT, Duration.class).orElse(Readiness.DEFAULT.timeout()),
                app.value(Field.ONLINE_ANYWAY, Boolean.class).orElse(false));
    }

    private static Readiness.Sign sign(DeclaredApp app, Texts texts) throws ConfigException {
        var signs = new ArrayList<Readiness.Sign>();
        if (app.value(Field.WAIT_READY, Boolean.class).orElse(false)) {
            signs.add(new Readiness.Message());
        }
        app.value(Field.READY_AFTER, Duration.class).ifPresent(after -> signs.add(new Readiness.Alive(after)));
        Optional<String> host = texts.one(Field.READY_HOST);
        app.value(Field.READY_PORT, Long.class)
                .ifPresent(port -> signs.add(new Readiness.Port(host.orElse(LOCAL), port.intValue())));
        texts.one(Field.READY_HTTP).ifPresent(url -> signs.add(new Readiness.Http(url)));
        texts.one(Field.READY_LOG).ifPresent(pattern -> signs.add(new Readiness.LogLine(pattern)));
        app.value(Field.READY, String.class)
                .ifPresent(word -> signs.add(
                        switch (word) {
                            case "message" -> new Readiness.Message();
                            case "notify" -> new Readiness.Notify();
                            default -> Readiness.DEFAULT.sign();
                        }));
        if (signs.stream().distinct().count() > 1) {
            throw ConfigException.invalid(
                    app.at(), "'ready': only one sign of readiness expected, not " + signs.size());
        }
        Readiness.Sign sign = signs.isEmpty() ? Readiness.DEFAULT.sign() : signs.get(0);
        if (sign instanceof Readiness.Http(String url)) {
            checkUrl(app.at(Field.READY_HTTP), "ready.http", url);
        }
        if (sign instanceof Readiness.LogLine(String pattern)) {
            checkPattern(app.at(Field.READY_LOG), "ready.log", pattern);
        }
        return sign;
    }

    static Optional<HealthCheck> health(DeclaredApp app, Texts texts, ProgramFinder finder) throws ConfigException {
        var probes = new ArrayList<HealthCheck.Probe>();
        Optional<String> url = texts.one(Field.HEALTH_HTTP);
        if (url.isPresent()) {
            probes.add(http(app, texts, url.get()));
        }
        Optional<String> tcp = texts.one(Field.HEALTH_TCP);
        if (tcp.isPresent()) {
            probes.add(tcp(app.at(Field.HEALTH_TCP), tcp.get()));
        }
        if (app.has(Field.HEALTH_EXEC)) {
            probes.add(exec(app.at(Field.HEALTH_EXEC), texts.all(Field.HEALTH_EXEC), finder));
        }
        if (probes.size() > 1) {
            throw ConfigException.invalid(app.at(), "'health_check': only one of http, tcp and exec expected");
        }
        if (probes.isEmpty()) {
            refuseOrphan(app);
            return Optional.empty();
        }
        return Optional.of(new HealthCheck(
                probes.get(0),
                app.value(Field.HEALTH_INTERVAL, Duration.class).orElse(Duration.ofSeconds(10)),
                app.value(Field.HEALTH_TIMEOUT, Duration.class).orElse(Duration.ofSeconds(5)),
                app.value(Field.HEALTH_RETRIES, Long.class).orElse(3L).intValue(),
                app.value(Field.HEALTH_START_PERIOD, Duration.class).orElse(Duration.ZERO)));
    }

    private static void refuseOrphan(DeclaredApp app) throws ConfigException {
        for (Field field : app.fields().keySet()) {
            if (field.key().startsWith("health_check.")) {
                throw ConfigException.invalid(
                        app.at(field), "'" + field.key() + "': nothing is checked; http, tcp or exec expected too");
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static HealthCheck.Http http(DeclaredApp app, Texts texts, String url) throws ConfigException {
        checkUrl(app.at(Field.HEALTH_HTTP), "health_check.http", url);
        Optional<String> body = texts.one(Field.HEALTH_BODY);
        if (body.isPresent()) {
            checkPattern(app.at(Field.HEALTH_BODY), "health_check.body", body.get());
        }
        return new HealthCheck.Http(
                url,
                app.value(Field.HEALTH_HEADERS, Map.class)
                        .map(headers -> (Map<String, String>) headers)
                        .orElse(Map.of()),
                app.value(Field.HEALTH_STATUS, Long.class).map(Long::intValue),
                body);
    }

    private static HealthCheck.Tcp tcp(Location at, String text) throws ConfigException {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        boolean valid = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(Character::isDigit);
        int number = valid ? Integer.parseInt(port) : 0;
        if (number < 1 || number > 65535 || colon == 0) {
            throw ConfigException.invalid(at, "'health_check.tcp': a port or host:port expected, not '" + text + "'");
        }
        return new HealthCheck.Tcp(colon < 0 ? LOCAL : text.substring(0, colon), number);
    }

    private static HealthCheck.Exec exec(Location at, List<String> words, ProgramFinder finder) throws ConfigException {
        if (words.isEmpty()) {
            throw ConfigException.invalid(at, "'health_check.exec': a program and its arguments expected");
        }
        Optional<Path> program = finder.find(words.get(0));
        if (program.isEmpty()) {
            throw ConfigException.notFound(
                    at, "'health_check.exec': " + words.get(0) + " is not a program on the PATH");
        }
        var command = new ArrayList<>(words);
        command.set(0, program.get().toString());
        return new HealthCheck.Exec(command);
    }

    private static void checkUrl(Location at, String field, String url) throws ConfigException {
        boolean http = url.startsWith("http://") || url.startsWith("https://");
        if (!http || hostOf(url).isEmpty()) {
            throw ConfigException.invalid(at, "'" + field + "': a URL that starts with http:// or https:// expected");
        }
    }

    private static String hostOf(String url) {
        try {
            String host = new java.net.URI(url).getHost();
            return host == null ? "" : host;
        } catch (java.net.URISyntaxException invalid) {
            return "";
        }
    }

    private static void checkPattern(Location at, String field, String pattern) throws ConfigException {
        try {
            var _ = Pattern.compile(pattern);
        } catch (PatternSyntaxException invalid) {
            throw ConfigException.invalid(
                    at, "'" + field + "': a regular expression expected (" + invalid.getDescription() + ")");
        }
    }
}
