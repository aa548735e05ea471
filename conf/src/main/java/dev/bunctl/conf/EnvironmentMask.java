package dev.bunctl.conf;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Hides secrets in variables that are shown; nothing that is run is ever masked. {@link #masked} is for who can read the
 * file that the values are from, and hides what looks like a secret. {@link #hidden} is for what the daemon tells: nobody can
 * know a secret by its name, so it hides all but a few variables that never hold one.
 */
public final class EnvironmentMask {
    /** What is shown in the place of a secret. */
    public static final String MASK = "********";

    private static final Set<String> HARMLESS =
            Set.of("NODE_ENV", "BUN_ENV", "PORT", "HOST", "HOSTNAME", "TZ", "LANG", "LC_ALL", "NODE_APP_INSTANCE");

    private static final List<String> SECRET_WORDS = List.of(
            "SECRET",
            "TOKEN",
            "PASSWORD",
            "PASSWD",
            "PASSPHRASE",
            "PASSCODE",
            "CREDENTIAL",
            "APIKEY",
            "PRIVATE",
            "SIGNATURE",
            "COOKIE",
            "SESSION",
            "WEBHOOK",
            "AUTHORIZATION",
            "CONNECTION_STRING");

    private static final List<String> SECRET_PARTS = List.of("KEY", "PASS", "PWD", "AUTH", "SALT", "DSN", "JWT", "PAT");

    private EnvironmentMask() {}

    /** The specification with both environments hidden; hiding twice is hiding once. */
    public static AppSpec hidden(AppSpec spec) {
        return spec.withEnvironments(hidden(spec.environment()), hidden(spec.inheritedEnvironment()));
    }

    /** All variables in order of their names, with every value hidden that could be a secret. */
    public static Map<String, String> hidden(Map<String, String> environment) {
        var hidden = new TreeMap<String, String>();
        environment.forEach((name, value) -> hidden.put(name, HARMLESS.contains(name) ? value : MASK));
        return hidden;
    }

    /** All variables in order of their names, with what looks like a secret masked. */
    public static Map<String, String> masked(Map<String, String> environment) {
        var masked = new TreeMap<String, String>();
        environment.forEach((name, value) -> masked.put(name, masked(name, value)));
        return masked;
    }

    /** A value as it may be shown: masked whole by its variable's name, or the password of a URL in it. */
    public static String masked(String name, String value) {
        if (value.isEmpty()) {
            return value;
        }
        return isSecretName(name) || value.contains("-----BEGIN") ? MASK : withoutCredentials(value);
    }

    static boolean isSecretName(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (String word : SECRET_WORDS) {
            if (upper.contains(word)) {
                return true;
            }
        }
        int start = 0;
        for (int at = 0; at <= upper.length(); at++) {
            if (at == upper.length() || "_-. ".indexOf(upper.charAt(at)) >= 0) {
                if (SECRET_PARTS.contains(upper.substring(start, at))) {
                    return true;
                }
                start = at + 1;
            }
        }
        return upper.endsWith("KEY") || upper.endsWith("PASS");
    }

    /** {@code postgres://user:password@host} with the password masked, wherever in the text it stands. */
    private static String withoutCredentials(String value) {
        int scheme = value.indexOf("://");
        if (scheme < 0) {
            return value;
        }
        var masked = new StringBuilder();
        int done = 0;
        while (scheme >= 0) {
            int start = scheme + 3;
            int end = endOfAuthority(value, start);
            int sign = value.lastIndexOf('@', end - 1);
            int colon = value.indexOf(':', start);
            if (sign >= start) {
                boolean hasUser = colon >= 0 && colon < sign;
                masked.append(value, done, hasUser ? colon + 1 : start).append(MASK);
                done = sign;
            }
            scheme = value.indexOf("://", Math.max(end, start));
        }
        return masked.append(value, done, value.length()).toString();
    }

    private static int endOfAuthority(String value, int start) {
        int at = start;
        while (at < value.length() && " \t\n\"'<>,".indexOf(value.charAt(at)) < 0) {
            if ("/?#".indexOf(value.charAt(at)) >= 0 && value.indexOf('@', at) < 0) {
                return at;
            }
            at++;
        }
        return at;
    }
}
