package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.lifecycle.Event;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Sees what the test tells it to see. */
final class RecordingWatches implements Watches {
    final Map<Integer, Reports> readiness = new TreeMap<>();
    final Map<Integer, Reports> health = new TreeMap<>();

    @Override
    public Watch readiness(ProcessKey key, ProcessIdentity identity, AppSpec spec, Reports to) {
        readiness.put(key.generation(), to);
        return () -> readiness.remove(key.generation());
    }

    @Override
    public Watch health(ProcessKey key, ProcessIdentity identity, AppSpec spec, Reports to) {
        health.put(key.generation(), to);
        return () -> health.remove(key.generation());
    }

    void ready(int generation) {
        Objects.requireNonNull(readiness.get(generation)).report(new Event.ReadySignSeen(generation));
    }

    void trouble(int generation, Event.Trouble trouble) {
        Objects.requireNonNull(health.get(generation)).report(new Event.TroubleSeen(generation, trouble, "unhealthy"));
    }
}
