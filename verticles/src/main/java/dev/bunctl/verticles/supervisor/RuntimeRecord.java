package dev.bunctl.verticles.supervisor;

import dev.bunctl.verticles.lifecycle.Counters;
import dev.bunctl.verticles.lifecycle.Memory;
import dev.bunctl.verticles.lifecycle.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a supervisor writes down for the daemon that comes after its own.
 *
 * @param bootId of the host; after another boot only the generation counter and the history still mean something
 * @param savedAt by the wall clock
 * @param restartAges how long before that the restarts lie that count towards giving up
 * @param memory with an empty restart window
 */
record RuntimeRecord(String bootId, Instant savedAt, List<Duration> restartAges, Memory memory) {
    RuntimeRecord {
        restartAges = List.copyOf(restartAges);
    }

    static RuntimeRecord of(Memory memory, String bootId, Now now) {
        List<Duration> ages = memory.counters().window().stream()
                .map(at -> now.monotonic().minus(at))
                .toList();
        return new RuntimeRecord(bootId, now.wall(), ages, withWindow(memory, List.of()));
    }

    /** The memory as it means now, in this boot of the host. */
    Memory recall(String presentBoot, Now now) {
        if (!presentBoot.equals(bootId)) {
            Counters counters = new Counters(memory.counters().generation(), 0, 0, List.of());
            return new Memory(counters, memory.history(), memory.exitCode(), 0, Memory.NONE.told(), Optional.empty());
        }
        Duration between = Duration.between(savedAt, now.wall());
        Duration since = between.isNegative() ? Duration.ZERO : between;
        List<Duration> window = restartAges.stream()
                .map(age -> now.monotonic().minus(since).minus(age))
                .toList();
        return withWindow(memory, window);
    }

    private static Memory withWindow(Memory memory, List<Duration> window) {
        Counters counters = memory.counters();
        return new Memory(
                new Counters(counters.generation(), counters.restarts(), counters.attempt(), window),
                memory.history(),
                memory.exitCode(),
                memory.readyGeneration(),
                memory.told(),
                memory.ended());
    }
}
