package dev.bunctl.conf.resolve;

import java.nio.file.Path;
import java.util.Map;

/**
 * Who asks for an app, and from where: what a specification takes from its surroundings.
 *
 * @param directory absolute current folder
 * @param home absolute home folder, for {@code ~}
 * @param environment as the starter has it
 * @param umask the starter's
 * @param softLimits the starter's, by lower-case POSIX name such as {@code nofile}; -1 for none
 * @param processors how many the host has, 1 or more
 */
public record Starter(
        Path directory,
        Path home,
        Map<String, String> environment,
        int umask,
        Map<String, Long> softLimits,
        int processors) {
    public Starter {
        environment = Map.copyOf(environment);
        softLimits = Map.copyOf(softLimits);
        if (!directory.isAbsolute() || !home.isAbsolute() || processors < 1) {
            throw new IllegalArgumentException("absolute folders and at least one processor expected");
        }
    }
}
