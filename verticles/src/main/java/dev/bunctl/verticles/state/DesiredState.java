package dev.bunctl.verticles.state;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * All that the user wants. What is really so lives in the supervisors and is never kept here.
 *
 * @param nextId the id that the next new instance gets; never goes back, so an id is never given twice
 * @param bootId the boot of the host in which this was last written, empty when the host has none
 * @param apps by name, in the order in which they became known
 */
public record DesiredState(int nextId, String bootId, SequencedMap<String, DesiredApp> apps) {
    public static final int MAX_APPS = 10_000;
    public static final int MAX_INSTANCES = 10_000;

    public DesiredState {
        apps = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(apps));
        Set<Integer> ids = new HashSet<>();
        for (Map.Entry<String, DesiredApp> entry : apps.entrySet()) {
            if (!entry.getKey().equals(entry.getValue().name())) {
                throw new IllegalArgumentException("an app is filed under another name");
            }
            for (DesiredInstance instance : entry.getValue().instances()) {
                if (instance.id() >= nextId || !ids.add(instance.id())) {
                    throw new IllegalArgumentException("id " + instance.id() + " is given twice or not given yet");
                }
            }
        }
    }

    /** Nothing is wanted yet. */
    public static DesiredState empty(String bootId) {
        return new DesiredState(0, bootId, new LinkedHashMap<>());
    }

    public Optional<DesiredApp> find(String name) {
        return Optional.ofNullable(apps.get(name));
    }

    public int instanceCount() {
        int count = 0;
        for (DesiredApp app : apps.values()) {
            count += app.instances().size();
        }
        return count;
    }

    /** The same wishes, written in this boot of the host. */
    public DesiredState inBoot(String other) {
        return other.equals(bootId) ? this : new DesiredState(nextId, other, apps);
    }
}
