package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.verticles.lifecycle.Slot;
import dev.bunctl.verticles.lifecycle.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day of an instance that fails every few seconds, by a clock that is turned. */
final class LongDayTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final int RESTARTS = 10_000;
    private static final Duration LIFE = DAY.dividedBy(RESTARTS);

    /** Numbers in what is written may become longer by a few digits. */
    private static final double MORE_DIGITS = 1.2;

    @TempDir
    private Path folder;

    /** What is held, in numbers of things. */
    private record Held(int timers, int processes, int channels, int watches, long files) {}

    @Test
    void tenThousandRestartsInADay_areForgotten() throws IOException {
        Bench bench = new Bench(
                folder,
                Specs.DEFAULT
                        .with(Specs.policy(RestartPolicy.Mode.ALWAYS, -1, Specs.noWait()))
                        .spec());
        Bench _ = bench.online();
        Duration midnight = bench.around.time;
        int generation = lives(bench, 1, RESTARTS / 10);
        Held morning = held(bench);
        long written = written();
        int _ = lives(bench, generation, RESTARTS - RESTARTS / 10);
        assertTrue(bench.around.time.minus(midnight).compareTo(DAY) >= 0, "a day has passed");
        assertEquals(RESTARTS, bench.now().restarts());
        assertEquals(morning, held(bench));
        assertTrue(written() <= written * MORE_DIGITS, written + " bytes, then " + written());
        assertEquals(Slot.MAX_HISTORY, bench.now().crashes().size());
    }

    /** The number of the generation that runs then. */
    private static int lives(Bench bench, int first, int count) {
        for (int generation = first; generation < first + count; generation++) {
            bench.around.pass(LIFE);
            bench.exit(generation, 1);
            bench.around.pass(Duration.ofMillis(1));
            bench.around.published.clear();
            bench.collector.collected.clear();
            bench.collector.drained.clear();
            bench.platform.processes().clearRecords();
        }
        bench.around.pass(Duration.ofSeconds(1));
        return first + count;
    }

    private Held held(Bench bench) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new Held(
                    bench.around.timers(),
                    bench.platform.processes().all().size(),
                    bench.channels.open.size(),
                    bench.watches.readiness.size() + bench.watches.health.size() + bench.watches.memory.size(),
                    files.count());
        }
    }

    private long written() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
