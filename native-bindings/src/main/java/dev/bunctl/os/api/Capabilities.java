package dev.bunctl.os.api;

import java.util.List;
import java.util.Optional;

/** A probed list of capabilities; each is a value with a cause, never an exception. */
public record Capabilities(List<Capability> all) {
    public Capabilities {
        all = List.copyOf(all);
    }

    /**
     * One thing a host can or cannot do.
     *
     * @param name a stable, lower-case, dotted name such as {@code limits.memory}
     * @param available whether it can be used
     * @param cause why not, or how it is provided, in a sentence for the user
     */
    public record Capability(String name, boolean available, String cause) {}

    public Optional<Capability> find(String name) {
        return all.stream().filter(capability -> capability.name().equals(name)).findFirst();
    }

    public boolean has(String name) {
        return find(name).map(Capability::available).orElse(false);
    }
}
