package dev.bunctl.conf.codec;

import static dev.bunctl.conf.codec.AppSpecCodec.object;

import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.RestartPolicy.Backoff;
import dev.bunctl.conf.StopPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Restart, stop, readiness and health. */
final class PolicyCodec {
    private PolicyCodec() {}

    static Map<String, Object> restart(RestartPolicy restart) {
        return object(
                "mode",
                Members.word(restart.mode()),
                "max_restarts",
                (long) restart.maxRestarts(),
                "window_ms",
                restart.window().toMillis(),
                "min_uptime_ms",
                restart.minUptime().toMillis(),
                "delay_ms",
                restart.delay().toMillis(),
                "backoff",
                backoff(restart.backoff()),
                "success_exit_codes",
                AppSpecCodec.whole(new TreeSet<>(restart.successExitCodes())),
                "success_signals",
                List.copyOf(new TreeSet<>(restart.successSignals())),
                "stop_exit_codes",
                AppSpecCodec.whole(new TreeSet<>(restart.stopExitCodes())),
                "stop_signals",
                List.copyOf(new TreeSet<>(restart.stopSignals())),
                "exhausted",
                Members.word(restart.exhausted()));
    }

    static RestartPolicy restart(Members members) {
        RestartPolicy absent = RestartPolicy.DEFAULT;
        Set<Integer> success =
                members.has("success_exit_codes") ? members.numbers("success_exit_codes") : absent.successExitCodes();
        return new RestartPolicy(
                members.constant("mode", RestartPolicy.Mode.values(), absent.mode()),
                members.number("max_restarts", absent.maxRestarts()),
                members.time("window_ms", absent.window()),
                members.time("min_uptime_ms", absent.minUptime()),
                members.time("delay_ms", absent.delay()),
                members.object("backoff", PolicyCodec::backoff, absent.backoff()),
                success,
                Set.copyOf(members.texts("success_signals")),
                members.numbers("stop_exit_codes"),
                Set.copyOf(members.texts("stop_signals")),
                members.constant("exhausted", RestartPolicy.Exhausted.values(), absent.exhausted()));
    }

    private static Map<String, Object> backoff(Backoff backoff) {
        return object(
                "initial_ms", backoff.initial().toMillis(),
                "multiplier", backoff.multiplier(),
                "max_ms", backoff.cap().toMillis(),
                "jitter", backoff.jitter());
    }

    private static Backoff backoff(Members members) {
        return new Backoff(
                members.time("initial_ms", Backoff.DEFAULT.initial()),
                members.real("multiplier", Backoff.DEFAULT.multiplier()),
                members.time("max_ms", Backoff.DEFAULT.cap()),
                members.real("jitter", Backoff.DEFAULT.jitter()));
    }

    static Map<String, Object> stop(StopPolicy stop) {
        return object(
                "signal", stop.signal(),
                "timeout_ms", stop.timeout().toMillis(),
                "shutdown_message", stop.shutdownMessage(),
                "kill_mode", Members.word(stop.killMode()));
    }

    static StopPolicy stop(Members members) {
        StopPolicy absent = StopPolicy.DEFAULT;
        return new StopPolicy(
                members.text("signal", absent.signal()),
                members.time("timeout_ms", absent.timeout()),
                members.flag("shutdown_message", absent.shutdownMessage()),
                members.constant("kill_mode", StopPolicy.KillMode.values(), absent.killMode()));
    }

    static Map<String, Object> readiness(Readiness readiness) {
        return object(
                "sign", sign(readiness.sign()),
                "timeout_ms", readiness.timeout().toMillis(),
                "online_anyway", readiness.onlineAnyway());
    }

    static Readiness readiness(Members members) {
        Readiness absent = Readiness.DEFAULT;
        return new Readiness(
                members.object("sign", PolicyCodec::sign, absent.sign()),
                members.time("timeout_ms", absent.timeout()),
                members.flag("online_anyway", absent.onlineAnyway()));
    }

    private static Map<String, Object> sign(Readiness.Sign sign) {
        return switch (sign) {
            case Readiness.Alive(var after) -> object("kind", "alive", "after_ms", after.toMillis());
            case Readiness.Message() -> object("kind", "message");
            case Readiness.Port(var host, var port) -> object("kind", "port", "host", host, "port", (long) port);
            case Readiness.Http(var url) -> object("kind", "http", "url", url);
            case Readiness.LogLine(var pattern) -> object("kind", "log_line", "pattern", pattern);
            case Readiness.Notify() -> object("kind", "notify");
        };
    }

    private static Readiness.Sign sign(Members members) {
        String kind = members.text("kind");
        return switch (kind) {
            case "alive" -> new Readiness.Alive(members.time("after_ms"));
            case "message" -> new Readiness.Message();
            case "port" -> new Readiness.Port(members.text("host"), members.number("port"));
            case "http" -> new Readiness.Http(members.text("url"));
            case "log_line" -> new Readiness.LogLine(members.text("pattern"));
            case "notify" -> new Readiness.Notify();
            default -> throw members.unknownKind(kind);
        };
    }

    static Map<String, Object> health(HealthCheck health) {
        return object(
                "probe",
                probe(health.probe()),
                "interval_ms",
                health.interval().toMillis(),
                "timeout_ms",
                health.timeout().toMillis(),
                "retries",
                (long) health.retries(),
                "start_period_ms",
                health.startPeriod().toMillis());
    }

    static HealthCheck health(Members members) {
        return new HealthCheck(
                members.object("probe", PolicyCodec::probe),
                members.time("interval_ms"),
                members.time("timeout_ms"),
                members.number("retries"),
                members.time("start_period_ms"));
    }

    private static Map<String, Object> probe(HealthCheck.Probe probe) {
        return switch (probe) {
            case HealthCheck.Http(var url, var headers, var status, var body) ->
                object(
                        "kind",
                        "http",
                        "url",
                        url,
                        "headers",
                        new TreeMap<>(headers),
                        "status",
                        status.map(Integer::longValue).orElse(null),
                        "body_pattern",
                        body.orElse(null));
            case HealthCheck.Tcp(var host, var port) -> object("kind", "tcp", "host", host, "port", (long) port);
            case HealthCheck.Exec(var command) -> object("kind", "exec", "command", command);
        };
    }

    private static HealthCheck.Probe probe(Members members) {
        String kind = members.text("kind");
        return switch (kind) {
            case "http" ->
                new HealthCheck.Http(
                        members.text("url"),
                        members.strings("headers"),
                        members.has("status") ? Optional.of(members.number("status")) : Optional.empty(),
                        members.optionalText("body_pattern"));
            case "tcp" -> new HealthCheck.Tcp(members.text("host"), members.number("port"));
            case "exec" -> new HealthCheck.Exec(members.texts("command"));
            default -> throw members.unknownKind(kind);
        };
    }
}
