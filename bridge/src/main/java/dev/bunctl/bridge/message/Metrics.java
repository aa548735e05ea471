package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.List;

/**
 * What every instance does and uses at one moment.
 *
 * @param at by the daemon's wall clock
 * @param instances all that are known
 * @param usage of those that run
 */
public record Metrics(Instant at, List<InstanceStatus> instances, List<Accounting> usage) {
    public Metrics {
        instances = List.copyOf(instances);
        usage = List.copyOf(usage);
    }

    /** Taken from a description of every app. */
    public static Metrics of(Instant at, Answer.Description description) {
        return new Metrics(
                at,
                description.apps().stream()
                        .flatMap(app -> app.instances().stream())
                        .toList(),
                description.apps().stream().flatMap(app -> app.usage().stream()).toList());
    }
}
