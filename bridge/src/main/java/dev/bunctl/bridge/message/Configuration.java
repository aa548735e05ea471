package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import java.util.List;

/**
 * A configuration that was read and resolved by its user's client.
 *
 * @param specs its apps
 * @param origin where it was read
 * @param only names of apps that are meant, those that are no longer in it included; empty for all
 */
public record Configuration(List<AppSpec> specs, Origin origin, List<String> only) {
    public Configuration {
        specs = List.copyOf(specs);
        only = List.copyOf(only);
    }
}
