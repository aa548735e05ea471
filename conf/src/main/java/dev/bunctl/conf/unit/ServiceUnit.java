package dev.bunctl.conf.unit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The unit of a systemd service that runs the guard of one home.
 *
 * @param scope whose service manager it is for
 * @param home the bunctl home, absolute
 * @param distribution folder with {@code bin} and {@code lib}, absolute
 * @param environment of guard and daemon; apps have their own
 */
public record ServiceUnit(Scope scope, String home, String distribution, Map<String, String> environment) {
    public static final String NAME = "bunctl.service";
    private static final String TEMPLATE = "bunctl.service";

    public ServiceUnit {
        environment = Map.copyOf(environment);
    }

    /** Whose service manager. */
    public enum Scope {
        /** The host's: starts at boot, as root. */
        SYSTEM,
        /** One user's: starts at boot when the user lingers, else at login. */
        USER
    }

    /**
     * The unit's text.
     *
     * @throws IllegalArgumentException when a path or a variable holds what a unit cannot: a line break or a NUL
     */
    public String text() throws IOException {
        String text = template();
        for (Map.Entry<String, String> part : parts().entrySet()) {
            text = text.replace("@" + part.getKey() + "@", part.getValue());
        }
        return text;
    }

    private Map<String, String> parts() {
        boolean system = scope == Scope.SYSTEM;
        Map<String, String> all = new TreeMap<>(environment);
        all.put("BUNCTL_HOME", home);
        StringBuilder variables = new StringBuilder();
        all.forEach((name, value) ->
                variables.append(variables.isEmpty() ? "" : " ").append(quoted(name + "=" + value)));
        // In ExecStart= a dollar begins a variable; in Environment= it does not.
        return Map.of(
                "home", argument(home),
                "guard", argument(distribution + "/lib/bunctl-guard"),
                "daemon", argument(distribution + "/lib/bunctld"),
                "bunctl", argument(distribution + "/bin/bunctl"),
                "environment", variables.toString(),
                "ordering", system ? "After=network-online.target\nWants=network-online.target\n" : "",
                "target", system ? "multi-user.target" : "default.target");
    }

    private static String argument(String text) {
        return quoted(text.replace("$", "$$"));
    }

    /** One word of a unit, see systemd.syntax(7); a percent sign begins a specifier, see systemd.unit(5). */
    private static String quoted(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("a unit cannot hold control characters: " + text.strip());
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
    }

    private static String template() throws IOException {
        try (InputStream in = ServiceUnit.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
