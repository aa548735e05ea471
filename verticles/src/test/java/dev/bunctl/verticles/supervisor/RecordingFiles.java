package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.WatchPolicy;
import java.util.ArrayList;
import java.util.List;

/** Files that change when told so. */
final class RecordingFiles implements FileChanges {
    final List<Listener> listeners = new ArrayList<>();
    final List<WatchPolicy> policies = new ArrayList<>();

    @Override
    public Watches.Watch follow(AppSpec spec, Listener listener) {
        listeners.add(listener);
        policies.add(spec.watch().orElseThrow());
        return () -> listeners.remove(listener);
    }
}
