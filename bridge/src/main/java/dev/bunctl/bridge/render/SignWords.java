package dev.bunctl.bridge.render;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.conf.WatchPolicy;
import java.nio.file.Path;
import java.time.Duration;

/** How an app is seen to be up and well, and what restarts it, in words. */
final class SignWords {
    private SignWords() {}

    static String stop(StopPolicy stop) {
        String told = stop.shutdownMessage() ? "message shutdown, else " + stop.signal() : stop.signal();
        String whom = switch (stop.killMode()) {
            case TREE -> "";
            case PROCESS -> " to the process alone";
        };
        return told + whom + ", killed after " + time(stop.timeout());
    }

    static String ready(Readiness readiness) {
        String late = readiness.onlineAnyway() ? ", else online anyway" : ", else failed";
        return switch (readiness.sign()) {
            case Readiness.Alive(Duration after) -> "alive for " + time(after);
            case Readiness.Message() -> "process.send('ready')" + within(readiness) + late;
            case Readiness.Notify() -> "READY=1 of sd_notify" + within(readiness) + late;
            case Readiness.Port(String host, int port) -> "port " + host + ":" + port + within(readiness) + late;
            case Readiness.Http(String url) -> "GET " + url + within(readiness) + late;
            case Readiness.LogLine(String pattern) -> "a line like " + pattern + within(readiness) + late;
        };
    }

    private static String within(Readiness readiness) {
        return " within " + time(readiness.timeout());
    }

    static String health(HealthCheck check) {
        String probe = switch (check.probe()) {
            case HealthCheck.Http http -> "GET " + http.url();
            case HealthCheck.Tcp(String host, int port) -> "port " + host + ":" + port;
            case HealthCheck.Exec exec -> String.join(" ", exec.command());
        };
        return "%s every %s, restarted after %d failures in a row"
                .formatted(probe, time(check.interval()), check.retries());
    }

    static String watch(WatchPolicy policy) {
        String paths =
                String.join(", ", policy.paths().stream().map(Path::toString).toList());
        return policy.enabled() ? paths : "off; " + paths;
    }

    static String cron(AppSpec spec) {
        return spec.cronRestart()
                .map(cron -> cron.expression() + " in " + cron.zone())
                .orElse("");
    }

    private static String time(Duration duration) {
        return Quantities.time(duration.toMillis());
    }
}
