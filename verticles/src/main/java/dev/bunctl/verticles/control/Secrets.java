package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Hides what an environment may hold that nobody else should see. */
final class Secrets {
    static final String HIDDEN = "********";

    private static final List<String> SIGNS = List.of(
            "SECRET", "TOKEN", "PASSW", "PASSPHRASE", "KEY", "CREDENTIAL", "AUTH", "PRIVATE", "COOKIE", "DSN", "_URL");

    private Secrets() {}

    /** The same app with the values of telling names hidden. */
    static AppSpec hidden(AppSpec spec) {
        return new AppSpec(
                spec.name(),
                spec.namespace(),
                spec.program(),
                spec.directory(),
                hidden(spec.environment()),
                hidden(spec.inheritedEnvironment()),
                spec.umask(),
                spec.instances(),
                spec.autoStart(),
                spec.restart(),
                spec.stop(),
                spec.readiness(),
                spec.health(),
                spec.limits(),
                spec.user(),
                spec.logs(),
                spec.dependencies(),
                spec.cronRestart(),
                spec.watch());
    }

    private static Map<String, String> hidden(Map<String, String> environment) {
        Map<String, String> shown = new TreeMap<>();
        environment.forEach((name, value) -> shown.put(name, telling(name) ? HIDDEN : value));
        return shown;
    }

    private static boolean telling(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(upper::contains);
    }
}
