package dev.bunctl.conf.codec;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.CronRestart;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.RunAs;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.conf.WatchPolicy;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A specification as a JSON object of maps, lists, strings, numbers, booleans and nulls, and back. What is written is
 * complete and in a fixed order; what is read may leave out members that have a default, and may contain no others.
 * Times are whole milliseconds ({@code _ms}), sizes bytes ({@code _bytes}).
 */
public final class AppSpecCodec {
    /** The form written, and the only one read. */
    public static final int VERSION = 1;

    private static final int DEFAULT_UMASK = 0022;
    private static final int MAX_UMASK = 0777;

    private AppSpecCodec() {}

    public static Map<String, Object> toMap(AppSpec spec) {
        return object(
                "version",
                (long) VERSION,
                "name",
                spec.name().value(),
                "namespace",
                spec.namespace(),
                "program",
                program(spec.program()),
                "directory",
                spec.directory().toString(),
                "environment",
                new TreeMap<>(spec.environment()),
                "inherited_environment",
                new TreeMap<>(spec.inheritedEnvironment()),
                "umask",
                (long) spec.umask(),
                "instances",
                instances(spec.instances()),
                "auto_start",
                spec.autoStart(),
                "restart",
                PolicyCodec.restart(spec.restart()),
                "stop",
                PolicyCodec.stop(spec.stop()),
                "readiness",
                PolicyCodec.readiness(spec.readiness()),
                "health",
                spec.health().map(PolicyCodec::health).orElse(null),
                "limits",
                LimitsCodec.limits(spec.limits()),
                "user",
                spec.user().map(LimitsCodec::user).orElse(null),
                "logs",
                LogPolicyCodec.logs(spec.logs()),
                "dependencies",
                spec.dependencies().stream().map(AppSpecCodec::dependency).toList(),
                "cron_restart",
                spec.cronRestart().map(AppSpecCodec::cron).orElse(null),
                "watch",
                spec.watch().map(AppSpecCodec::watch).orElse(null),
                "sources",
                new TreeMap<>(spec.sources()));
    }

    /**
     * Reads what {@link #toMap} wrote.
     *
     * @throws SpecFormatException naming the first member that is not as it should be
     */
    public static AppSpec fromMap(Map<String, ?> map) {
        return Members.read("", map, AppSpecCodec::read);
    }

    private static AppSpec read(Members members) {
        if (members.number("version", VERSION) != VERSION) {
            throw new SpecFormatException("version", VERSION + " expected, not " + members.number("version"));
        }
        int umask = members.number("umask", DEFAULT_UMASK);
        if (umask < 0 || umask > MAX_UMASK) {
            throw new SpecFormatException("umask", "0 to " + MAX_UMASK + " (octal 777) expected, not " + umask);
        }
        return new AppSpec(
                new AppName(members.text("name")),
                members.text("namespace", "default"),
                members.object("program", AppSpecCodec::program),
                members.path("directory"),
                members.strings("environment"),
                members.strings("inherited_environment"),
                umask,
                members.object("instances", AppSpecCodec::instances, Instances.ONE),
                members.flag("auto_start", true),
                members.object("restart", PolicyCodec::restart, RestartPolicy.DEFAULT),
                members.object("stop", PolicyCodec::stop, StopPolicy.DEFAULT),
                members.object("readiness", PolicyCodec::readiness, Readiness.DEFAULT),
                members.<HealthCheck>optionalObject("health", PolicyCodec::health),
                members.object("limits", LimitsCodec::limits, Limits.NONE),
                members.<RunAs>optionalObject("user", LimitsCodec::user),
                members.object("logs", LogPolicyCodec::logs, LogPolicy.DEFAULT),
                members.<Dependency>list("dependencies", AppSpecCodec::dependency),
                members.<CronRestart>optionalObject("cron_restart", AppSpecCodec::cron),
                members.<WatchPolicy>optionalObject("watch", AppSpecCodec::watch),
                members.strings("sources"));
    }

    private static Map<String, Object> program(Program program) {
        return object(
                "executable",
                program.executable().toString(),
                "arguments",
                program.arguments(),
                "script",
                program.script(),
                "engine",
                Members.word(program.engine()));
    }

    private static Program program(Members members) {
        return new Program(
                members.path("executable"),
                members.texts("arguments"),
                members.text("script"),
                members.constant("engine", Program.Engine.values(), Program.Engine.OTHER));
    }

    private static Map<String, Object> instances(Instances instances) {
        return object(
                "count",
                (long) instances.count(),
                "variable",
                instances.variable(),
                "increment",
                instances.increment().orElse(null),
                "shared_ports",
                instances.sharedPorts());
    }

    private static Instances instances(Members members) {
        return new Instances(
                members.number("count", 1),
                members.text("variable", Instances.DEFAULT_VARIABLE),
                members.optionalText("increment"),
                members.flag("shared_ports", true));
    }

    private static Map<String, Object> dependency(Dependency dependency) {
        return object(
                "app", dependency.app().value(),
                "condition", Members.word(dependency.condition()));
    }

    private static Dependency dependency(Members members) {
        return new Dependency(
                new AppName(members.text("app")),
                members.constant("condition", Dependency.Condition.values(), Dependency.Condition.READY));
    }

    private static Map<String, Object> cron(CronRestart cron) {
        return object("expression", cron.expression(), "zone", cron.zone().getId());
    }

    private static CronRestart cron(Members members) {
        try {
            return new CronRestart(members.text("expression"), ZoneId.of(members.text("zone", "UTC")));
        } catch (DateTimeException invalid) {
            throw new IllegalArgumentException(invalid.getMessage(), invalid);
        }
    }

    private static Map<String, Object> watch(WatchPolicy watch) {
        return object(
                "paths",
                watch.paths().stream().map(Path::toString).toList(),
                "ignored",
                watch.ignored(),
                "delay_ms",
                watch.delay().toMillis(),
                "enabled",
                watch.enabled());
    }

    private static WatchPolicy watch(Members members) {
        return new WatchPolicy(
                members.paths("paths"),
                members.texts("ignored"),
                members.time("delay_ms"),
                members.flag("enabled", true));
    }

    /** An object of alternating names and values, in that order. */
    static Map<String, Object> object(@Nullable Object... namesAndValues) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            object.put(String.valueOf(namesAndValues[at]), namesAndValues[at + 1]);
        }
        return nullable(object);
    }

    /** Values may be null, as in JSON; the public type does not show it so that others need not. */
    @SuppressWarnings("NullAway")
    private static Map<String, Object> nullable(Map<String, @Nullable Object> object) {
        return object;
    }

    /** Numbers as the codec writes them. */
    static List<Object> whole(Iterable<Integer> numbers) {
        var list = new ArrayList<Object>();
        numbers.forEach(number -> list.add(number.longValue()));
        return list;
    }
}
