package dev.bunctl.verticles.supervisor;

import dev.bunctl.verticles.lifecycle.Event;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Sees what the test tells it to see. */
final class RecordingWatches implements Watches {
    final Map<Integer, Reports> readiness = new TreeMap<>();
    final Map<Integer, Subject> subjects = new TreeMap<>();
    final Map<Integer, Reports> health = new TreeMap<>();
    final Map<Integer, LongConsumer> memory = new TreeMap<>();

    @Override
    public Watch readiness(Subject subject, Reports to) {
        subjects.put(subject.key().generation(), subject);
        readiness.put(subject.key().generation(), to);
        return () -> readiness.remove(subject.key().generation());
    }

    @Override
    public Watch health(Subject subject, Reports to) {
        health.put(subject.key().generation(), to);
        return () -> health.remove(subject.key().generation());
    }

    @Override
    public Watch memory(Subject subject, LongConsumer reading) {
        memory.put(subject.key().generation(), reading);
        return () -> memory.remove(subject.key().generation());
    }

    void ready(int generation) {
        Objects.requireNonNull(readiness.get(generation)).report(new Event.ReadySignSeen(generation));
    }

    void trouble(int generation, Event.Trouble trouble) {
        Objects.requireNonNull(health.get(generation)).report(new Event.TroubleSeen(generation, trouble, "unhealthy"));
    }
}
