package dev.bunctl.verticles.edge;

import dev.bunctl.verticles.internal.InstanceSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The follows under way, which must learn of instances that start. Used from one event loop. */
final class Follows {
    private final Set<NewLogs> all = new HashSet<>();

    void add(NewLogs follow) {
        all.add(follow);
    }

    void remove(NewLogs follow) {
        all.remove(follow);
    }

    void heard(InstanceSnapshot snapshot) {
        List.copyOf(all).forEach(follow -> follow.heard(snapshot));
    }
}
