package dev.bunctl.conf.plan;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.tree.CommandWords;
import dev.bunctl.conf.tree.HumanUnits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of a specification as a configuration names them, in the order of the codec's form. */
public final class SpecFields {
    private static final String HEADERS = "health.probe.headers.";

    /** Which field of a configuration a part of the codec's form comes from. The longest path that fits counts. */
    private static final Map<String, Field> FIELDS = fields();

    private static Map<String, Field> fields() {
        var fields = new LinkedHashMap<String, Field>();
        fields.put("name", Field.NAME);
        fields.put("namespace", Field.NAMESPACE);
        fields.put("program", Field.COMMAND);
        fields.put("program.script", Field.SCRIPT);
        fields.put("directory", Field.CWD);
        fields.put("umask", Field.UMASK);
        fields.put("instances.count", Field.INSTANCES);
        fields.put("instances.variable", Field.INSTANCE_VAR);
        fields.put("instances.increment", Field.INCREMENT_VAR);
        fields.put("instances.shared_ports", Field.EXEC_MODE);
        fields.put("auto_start", Field.AUTO_START);
        fields.put("restart.mode", Field.RESTART_POLICY);
        fields.put("restart.max_restarts", Field.MAX_RESTARTS);
        fields.put("restart.window_ms", Field.RESTART_WINDOW);
        fields.put("restart.min_uptime_ms", Field.MIN_UPTIME);
        fields.put("restart.delay_ms", Field.RESTART_DELAY);
        fields.put("restart.backoff.initial_ms", Field.BACKOFF_INITIAL);
        fields.put("restart.backoff.multiplier", Field.BACKOFF_MULTIPLIER);
        fields.put("restart.backoff.max_ms", Field.BACKOFF_MAX);
        fields.put("restart.backoff.jitter", Field.BACKOFF_JITTER);
        fields.put("restart.success_exit_codes", Field.SUCCESS_EXIT_CODES);
        fields.put("restart.success_signals", Field.SUCCESS_SIGNALS);
        fields.put("restart.stop_exit_codes", Field.STOP_EXIT_CODES);
        fields.put("restart.stop_signals", Field.STOP_SIGNALS);
        fields.put("restart.exhausted", Field.EXHAUSTED_ACTION);
        fields.put("stop.signal", Field.STOP_SIGNAL);
        fields.put("stop.timeout_ms", Field.KILL_TIMEOUT);
        fields.put("stop.shutdown_message", Field.SHUTDOWN_WITH_MESSAGE);
        fields.put("stop.kill_mode", Field.KILL_MODE);
        fields.put("readiness.sign", Field.READY);
        fields.put("readiness.timeout_ms", Field.LISTEN_TIMEOUT);
        fields.put("readiness.online_anyway", Field.ONLINE_ANYWAY);
        fields.put("health", Field.HEALTH_HTTP);
        fields.put("health.interval_ms", Field.HEALTH_INTERVAL);
        fields.put("health.timeout_ms", Field.HEALTH_TIMEOUT);
        fields.put("health.retries", Field.HEALTH_RETRIES);
        fields.put("health.start_period_ms", Field.HEALTH_START_PERIOD);
        fields.put("limits.max_memory_bytes", Field.MAX_MEMORY);
        fields.put("limits.max_memory_restart_bytes", Field.MAX_MEMORY_RESTART);
        fields.put("limits.max_cpu_percent", Field.MAX_CPU_PERCENT);
        fields.put("limits.cpu_weight", Field.CPU_WEIGHT);
        fields.put("limits.max_processes", Field.MAX_PIDS);
        fields.put("limits.strict", Field.LIMITS);
        fields.put("limits.resources", Field.RLIMITS);
        fields.put("limits.niceness", Field.NICE);
        fields.put("limits.out_of_memory_score", Field.OOM_SCORE_ADJ);
        fields.put("user", Field.USER);
        fields.put("user.group", Field.GROUP);
        fields.put("user.no_new_privileges", Field.NO_NEW_PRIVS);
        fields.put("user.capabilities", Field.CAPABILITIES);
        fields.put("logs.stdout", Field.STDOUT_LOG);
        fields.put("logs.stderr", Field.STDERR_LOG);
        fields.put("logs.combined", Field.COMBINED_LOG);
        fields.put("logs.merged", Field.MERGE_LOGS);
        fields.put("logs.format", Field.LOG_TYPE);
        fields.put("logs.max_line_bytes", Field.LOG_MAX_LINE);
        fields.put("logs.when_full", Field.LOG_WHEN_FULL);
        fields.put("logs.rotation.max_bytes", Field.LOG_MAX_SIZE);
        fields.put("logs.rotation.every_ms", Field.LOG_EVERY);
        fields.put("logs.sync_every_ms", Field.LOG_SYNC_EVERY);
        fields.put("logs.rotation.cron", Field.LOG_CRON);
        fields.put("logs.rotation.keep", Field.LOG_KEEP);
        fields.put("logs.rotation.max_age_ms", Field.LOG_MAX_AGE);
        fields.put("logs.rotation.max_total_bytes", Field.LOG_MAX_TOTAL);
        fields.put("logs.rotation.compress", Field.LOG_COMPRESS);
        fields.put("dependencies", Field.DEPENDS_ON);
        fields.put("cron_restart", Field.CRON_RESTART);
        fields.put("cron_restart.zone", Field.CRON_TIMEZONE);
        fields.put("watch", Field.WATCH);
        fields.put("watch.enabled", Field.WATCH);
        fields.put("watch.ignored", Field.IGNORE_WATCH);
        fields.put("watch.delay_ms", Field.WATCH_DELAY);
        return fields;
    }

    /**
     * One value.
     *
     * @param field as in a configuration; a variable as {@code env.NAME}
     * @param value as people write it, secrets masked
     */
    public record Row(String field, String value) {}

    /**
     * One value, with where it comes from.
     *
     * @param source see {@link AppSpec#sources}; {@value #DEFAULT} where it was not given
     */
    public record Sourced(String field, String value, String source) {}

    /** The source of a value that was not given. */
    public static final String DEFAULT = "default";

    /** Other fields of a configuration by which a value may have been given. */
    private static final Map<Field, List<Field>> ALSO_BY = Map.of(
            Field.COMMAND,
            List.of(Field.SCRIPT, Field.ARGS, Field.INTERPRETER, Field.INTERPRETER_ARGS),
            Field.SCRIPT,
            List.of(Field.COMMAND),
            Field.NAME,
            List.of(Field.APPEND_ENV_TO_NAME),
            Field.RESTART_POLICY,
            List.of(Field.AUTORESTART),
            Field.KILL_MODE,
            List.of(Field.TREEKILL),
            Field.READY,
            List.of(
                    Field.READY_AFTER,
                    Field.READY_PORT,
                    Field.READY_HTTP,
                    Field.READY_LOG,
                    Field.WAIT_READY,
                    Field.READY_HOST),
            Field.HEALTH_HTTP,
            List.of(Field.HEALTH_TCP, Field.HEALTH_EXEC, Field.HEALTH_STATUS, Field.HEALTH_BODY, Field.HEALTH_HEADERS),
            Field.LOG_TYPE,
            List.of(Field.LOG_DATE_FORMAT, Field.TIME));

    private static final String INHERITED_LIMITS = "limits.inherited";

    /** Members of the codec's form that stand for no field. */
    private static final Set<String> NO_FIELDS = Set.of("version", "environment", "inherited_environment", "sources");

    private SpecFields() {}

    /** All that a specification says, but for what it inherits from its starter. */
    public static List<Row> of(AppSpec spec) {
        var rows = new ArrayList<Row>();
        flat(spec).forEach((path, value) -> {
            String shown = shown(path, value);
            if (!shown.isEmpty()) {
                rows.add(new Row(name(field(path), path), shown));
            }
        });
        EnvironmentMask.masked(spec.environment()).forEach((name, value) -> rows.add(new Row("env." + name, value)));
        return rows;
    }

    /** The same as {@link #of}, with where each value comes from. */
    public static List<Sourced> sourced(AppSpec spec) {
        var rows = new ArrayList<Sourced>();
        flat(spec).forEach((path, value) -> {
            String shown = shown(path, value);
            if (!shown.isEmpty()) {
                Field field = field(path);
                rows.add(new Sourced(name(field, path), shown, source(spec, field)));
            }
        });
        EnvironmentMask.masked(spec.environment()).forEach((name, value) -> {
            String variable = "env." + name;
            rows.add(new Sourced(variable, value, spec.sources().getOrDefault(variable, DEFAULT)));
        });
        return rows;
    }

    private static String source(AppSpec spec, Field field) {
        return Stream.concat(Stream.of(field), ALSO_BY.getOrDefault(field, List.of()).stream())
                .map(one -> spec.sources().get(one.key()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(DEFAULT);
    }

    /** A specification that a command has made of another: what differs comes from that command. */
    public static AppSpec changedBy(String command, AppSpec before, AppSpec after) {
        var sources = new HashMap<>(after.sources());
        Map<String, Object> former = flat(before);
        Map<String, Object> now = flat(after);
        Set<String> paths = new HashSet<>(former.keySet());
        paths.addAll(now.keySet());
        for (String path : paths) {
            if (!Objects.equals(former.get(path), now.get(path))) {
                sources.put(field(path).key(), command);
            }
        }
        return after.withSources(sources);
    }

    static Map<String, Object> flat(AppSpec spec) {
        var flat = new LinkedHashMap<String, Object>();
        AppSpecCodec.toMap(spec).forEach((name, value) -> {
            if (!NO_FIELDS.contains(name)) {
                flatten(name, value, flat);
            }
        });
        return flat;
    }

    private static void flatten(String path, @Nullable Object value, Map<String, Object> into) {
        if (path.equals(INHERITED_LIMITS)) {
            return;
        }
        if (value instanceof Map<?, ?> members) {
            members.forEach((name, member) -> flatten(path + "." + name, member, into));
        } else if (value != null) {
            into.put(path, value);
        }
    }

    /** The field that a path belongs to. */
    static Field field(String path) {
        for (String prefix = path; ; prefix = prefix.substring(0, prefix.lastIndexOf('.'))) {
            Field field = FIELDS.get(prefix);
            if (field != null) {
                return field;
            }
            if (prefix.indexOf('.') < 0) {
                throw new IllegalStateException(path + " belongs to no field");
            }
        }
    }

    /** The field's name; the codec's where one field stands for several parts. */
    static String name(Field field, String path) {
        return switch (field) {
            case COMMAND -> path;
            case READY -> "ready." + path.substring(path.lastIndexOf('.') + 1);
            case HEALTH_HTTP -> "health_check." + path.substring(path.lastIndexOf('.') + 1);
            default -> field.key();
        };
    }

    static String shown(String path, @Nullable Object value) {
        if (path.startsWith(HEADERS)) {
            return value == null ? "" : EnvironmentMask.masked(path.substring(HEADERS.length()), value.toString());
        }
        return switch (value) {
            case null -> "";
            case Boolean shares when path.equals("instances.shared_ports") -> shares ? "cluster" : "fork";
            case Boolean strict when path.equals("limits.strict") -> strict ? "strict" : "best-effort";
            case Long number when path.endsWith("_ms") -> HumanUnits.show(Duration.ofMillis(number));
            case Long number when path.endsWith("_bytes") -> HumanUnits.show(number);
            case Long number when path.equals("umask") -> "0" + Long.toOctalString(number);
            case List<?> list ->
                CommandWords.join(list.stream().map(String::valueOf).toList());
            default -> value.toString();
        };
    }
}
