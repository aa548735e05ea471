package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppSpec;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Hides the values of environment variables. Nobody can tell a secret by its name, so every value is hidden except those of
 * a few variables that never hold one.
 */
public final class EnvironmentMask {
    /** What stands in place of a value. */
    public static final String HIDDEN = "********";

    private static final Set<String> HARMLESS =
            Set.of("NODE_ENV", "BUN_ENV", "PORT", "HOST", "HOSTNAME", "TZ", "LANG", "LC_ALL", "NODE_APP_INSTANCE");

    private EnvironmentMask() {}

    /** The specification with both environments hidden; hiding twice is hiding once. */
    public static AppSpec hide(AppSpec spec) {
        return spec.withEnvironments(hide(spec.environment()), hide(spec.inheritedEnvironment()));
    }

    /** The variables, ordered by name, with hidden values. */
    public static Map<String, String> hide(Map<String, String> environment) {
        Map<String, String> hidden = new TreeMap<>();
        environment.forEach((name, value) -> hidden.put(name, HARMLESS.contains(name) ? value : HIDDEN));
        return hidden;
    }
}
