package dev.bunctl.bridge.command;

import java.util.List;
import java.util.Optional;

/**
 * Which configuration is meant, and which part of it.
 *
 * @param file as the user wrote it; empty for the one that is found
 * @param environmentName whose {@code env_<name>} is taken ({@code --env NAME})
 * @param only names of its apps; empty for all
 */
public record ConfigChoice(Optional<String> file, Optional<String> environmentName, List<String> only) {
    public ConfigChoice {
        only = List.copyOf(only);
    }
}
