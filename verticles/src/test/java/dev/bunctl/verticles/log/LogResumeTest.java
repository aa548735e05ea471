package dev.bunctl.verticles.log;

import static dev.bunctl.verticles.log.LogHouse.await;
import static dev.bunctl.verticles.log.LogHouse.everyBytes;
import static dev.bunctl.verticles.log.LogHouse.policy;
import static dev.bunctl.verticles.log.LogHouse.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.verticles.log.LogHouse.App;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A follow that goes on where another one, of this daemon or of a former one, was broken off. */
@Timeout(60)
class LogResumeTest {
    @TempDir
    private Path home;

    private final Map<Path, LogPosition> positions = new HashMap<>();

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "n" + i).toList();
    }

    private static void write(LogHouse house, App app, int from, int to) {
        for (String line : numbers(from, to)) {
            app.out().write(line + "\n");
        }
        house.settle(app);
    }

    private LogRequest request(LogHouse house, AppSpec spec) {
        LogRequest fresh = LogRequest.of(List.of(InstanceLogs.of(house.folder, spec, 0)), house.query(0, true));
        return positions.isEmpty() ? fresh : fresh.from(new LogResume(LogHouse.START, positions));
    }

    /** Reads until so many items have come, and remembers where that was. */
    private List<String> take(LogCursor cursor, int count) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            LogBatch batch = await(cursor.next());
            batch.items().forEach(item -> lines.add(LogHouse.text(item)));
            positions.putAll(batch.positions());
        }
        return lines;
    }

    /** Reads where it stands, and nothing else. */
    private void begin(LogCursor cursor) {
        positions.putAll(await(cursor.next()).positions());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nextDaemon_goesOn_withEachLineOnce_throughRotationAndCompression(boolean compressed) {
        LogPolicy.Rotation small = new LogPolicy.Rotation(
                200, Optional.empty(), Optional.empty(), 1_000_000, Optional.empty(), Long.MAX_VALUE / 2, compressed);
        AppSpec spec = spec("api", 1, policy(small));
        List<String> seen = new ArrayList<>();
        for (int life = 0; life < 6; life++) {
            try (LogHouse house = new LogHouse(home)) {
                App app = house.run(spec, 0);
                try (LogCursor cursor = house.logs.reader().open(request(house, spec))) {
                    if (life == 0) {
                        begin(cursor);
                    }
                    write(house, app, life * 100, life * 100 + 100);
                    // Not to the end, so that the next one has something to catch up with.
                    seen.addAll(take(cursor, life * 100 + 50 - seen.size()));
                }
            }
        }
        for (int i = 0; i < seen.size(); i++) {
            assertEquals("n" + i, seen.get(i), () -> seen.toString());
        }
        assertTrue(seen.size() >= 550, "" + seen.size());
    }

    @Test
    void filesDeletedMeanwhile_areAGap() {
        LogPolicy.Rotation keepTwo =
                new LogPolicy.Rotation(100, Optional.empty(), Optional.empty(), 2, Optional.empty(), 1 << 20, false);
        AppSpec spec = spec("api", 1, policy(keepTwo));
        try (LogHouse house = new LogHouse(home)) {
            App app = house.run(spec, 0);
            try (LogCursor cursor = house.logs.reader().open(request(house, spec))) {
                begin(cursor);
                write(house, app, 0, 10);
                assertEquals(numbers(0, 10), take(cursor, 10));
            }
            for (int i = 10; i < 510; i += 10) {
                write(house, app, i, i + 10);
            }
            await(house.logs.control().rotate(List.of(), LogPolicy.Rotation.DEFAULT));
            try (LogCursor cursor = house.logs.reader().open(request(house, spec))) {
                List<String> lines = take(cursor, 10);
                while (!lines.getLast().equals("n509")) {
                    lines.addAll(take(cursor, 1));
                }
                assertTrue(lines.getFirst().startsWith("GAP "), lines.getFirst());
                // One more may be deleted while it goes on.
                lines.removeIf(line -> line.startsWith("GAP "));
                assertEquals(numbers(510 - lines.size(), 510), lines);
            }
        }
    }

    @Test
    void logsEmptiedMeanwhile_areReadFromTheirNewStart() {
        AppSpec spec = spec("api", 1, policy(everyBytes(100)));
        try (LogHouse house = new LogHouse(home)) {
            App app = house.run(spec, 0);
            try (LogCursor cursor = house.logs.reader().open(request(house, spec))) {
                begin(cursor);
                write(house, app, 0, 100);
                assertEquals(100, take(cursor, 100).size());
            }
            await(house.logs
                    .control()
                    .flush(InstanceLogs.of(house.folder, spec, 0).files()));
            write(house, app, 100, 103);
            try (LogCursor cursor = house.logs.reader().open(request(house, spec))) {
                assertEquals(numbers(100, 103), take(cursor, 3));
            }
        }
    }

    @Test
    void logThatIsAdded_isReadFromThatTimeOn() {
        AppSpec spec = spec("api", 1, LogPolicy.DEFAULT);
        try (LogHouse house = new LogHouse(home)) {
            App api = house.run(spec, 0);
            App worker = house.run("worker");
            write(house, worker, 0, 5);
            Instant later = LogHouse.START.plusSeconds(1);
            house.now.set(later);
            try (LogCursor cursor = house.logs.reader().open(request(house, spec))) {
                begin(cursor);
                LogSource source = InstanceLogs.of(house.folder, worker.spec(), 0)
                        .sources(true, false)
                        .getFirst();
                assertTrue(cursor.add(source, later));
                assertTrue(cursor.add(source, later));
                write(house, worker, 5, 7);
                assertEquals(numbers(5, 7), take(cursor, 2));
                write(house, api, 7, 8);
                assertEquals(numbers(7, 8), take(cursor, 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1:2", "1:2:", "1:2:g", "-1:2:3", "1:2:3:4", "1:2:123456789", "9999999999999999999:1:1"})
    void position_thatIsNone_isNotRead(String text) {
        assertEquals(Optional.empty(), LogPosition.parse(text));
    }

    @Test
    void position_thereAndBack_isTheSame() {
        LogPosition position = new LogPosition(12, 1L << 40, -1);
        assertEquals(Optional.of(position), LogPosition.parse(position.text()));
    }
}
