package dev.bunctl.verticles.state;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One app, as the user wants it.
 *
 * @param instances by number; an app with none is not known
 * @param origin the configuration that speaks for it, or empty
 */
public record DesiredApp(AppSpec spec, List<DesiredInstance> instances, Optional<Origin> origin) {
    public DesiredApp {
        instances = List.copyOf(instances);
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("an app has at least one instance");
        }
        Set<Integer> numbers = new HashSet<>();
        for (DesiredInstance instance : instances) {
            if (!numbers.add(instance.number())) {
                throw new IllegalArgumentException("instance " + instance.number() + " is there twice");
            }
        }
    }

    /** An app of no configuration. */
    public DesiredApp(AppSpec spec, List<DesiredInstance> instances) {
        this(spec, instances, Optional.empty());
    }

    public String name() {
        return spec.name().value();
    }

    /** {@code api:0}, the name that supervisors, logs and process keys use. */
    public String instanceName(DesiredInstance instance) {
        return name() + ":" + instance.number();
    }

    /** The same app with another specification. */
    public DesiredApp with(AppSpec other) {
        return new DesiredApp(other, instances, origin);
    }

    /** The same app with another intent for the instances of these ids. */
    public DesiredApp with(Set<Integer> ids, Intent intent) {
        List<DesiredInstance> changed = new ArrayList<>(instances.size());
        for (DesiredInstance instance : instances) {
            changed.add(ids.contains(instance.id()) ? instance.with(intent) : instance);
        }
        return new DesiredApp(spec, changed, origin);
    }
}
