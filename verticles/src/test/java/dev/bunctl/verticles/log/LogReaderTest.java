package dev.bunctl.verticles.log;

import static dev.bunctl.verticles.log.LogHouse.START;
import static dev.bunctl.verticles.log.LogHouse.afterWrites;
import static dev.bunctl.verticles.log.LogHouse.await;
import static dev.bunctl.verticles.log.LogHouse.everyBytes;
import static dev.bunctl.verticles.log.LogHouse.policy;
import static dev.bunctl.verticles.log.LogHouse.spec;
import static dev.bunctl.verticles.log.LogHouse.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.log.LogHouse.App;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
    @TempDir
    private Path home;

    private LogHouse house;

    @BeforeEach
    void open() {
        house = new LogHouse(home);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void write(App app, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append("n").append(i).append('\n');
        }
        app.out().write(text.toString());
        house.settle(app);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "n" + i).toList();
    }

    private LogQuery query(int lines, Optional<Instant> since, Optional<Instant> until, Optional<String> pattern) {
        return new LogQuery(lines, false, true, true, since, until, pattern);
    }

    @Test
    void absentLog_isEmpty() {
        App app = house.run("api");
        assertEquals(List.of(), house.read(house.query(10, false), app));
    }

    @Test
    void lastLines_endWithAnUnfinishedOne() {
        App app = house.run("api");
        write(app, 0, 100);
        app.out().write("half");
        house.settle(app);
        assertEquals(List.of("n98", "n99", "half"), house.read(house.query(3, false), app));
        assertEquals(List.of(), house.read(house.query(0, false), app));
        assertEquals(
                101, house.read(house.query(LogQuery.MAX_LINES, false), app).size());
    }

    @Test
    void everyNumberOfLastLines_throughFilesPutAsideAndCompressed() {
        LogPolicy.Rotation compress = new LogPolicy.Rotation(
                300, Optional.empty(), Optional.empty(), 1000, Optional.empty(), Long.MAX_VALUE / 2, true);
        App app = house.run(spec("api", 1, policy(compress)), 0);
        for (int i = 0; i < 50; i++) {
            write(app, i * 20, i * 20 + 20);
        }
        for (int count = 0; count < 1010; count += 7) {
            assertEquals(numbers(Math.max(0, 1000 - count), 1000), house.read(house.query(count, false), app));
        }
    }

    @Test
    void lastLinesOfAHugeFile_areFoundFromItsEnd() throws IOException {
        Files.createDirectories(house.folder);
        Path log = house.folder.resolve("api-out.log");
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(10L << 30);
            file.seek(10L << 30);
            file.writeBytes("\nfirst\nsecond\n");
        }
        App app = house.run("api");
        long before = bytesRead();
        assertEquals(List.of("first", "second"), house.read(house.query(2, false), app));
        assertTrue(bytesRead() - before < 8 << 20, "bytes read: " + (bytesRead() - before));
    }

    /** What this process has read so far, see proc_pid_io(5). */
    private static long bytesRead() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void lineLongerThanTheLimit_isGivenInParts() {
        App app = house.run("api");
        for (int i = 0; i < 40; i++) {
            app.out().write("x".repeat(40_000));
            house.settle(app);
        }
        app.out().write("\nend\n");
        house.settle(app);
        List<String> lines = house.read(house.query(2, false), app);
        assertEquals(
                List.of(LogCursor.MAX_LINE_BYTES, 1_600_000 - LogCursor.MAX_LINE_BYTES, 3),
                lines.stream().map(String::length).toList());
    }

    @Test
    void sinceAndUntil_workOnRawFiles_throughRotation() {
        App app = house.run(spec("api", 1, policy(everyBytes(100))), 0);
        for (int i = 0; i < 100; i++) {
            house.now.set(START.plusSeconds(i));
            write(app, i * 2, i * 2 + 2);
        }
        for (int from = 0; from < 100; from += 9) {
            for (int to = from; to < 110; to += 11) {
                LogQuery query = query(
                        1000,
                        Optional.of(START.plusSeconds(from)),
                        Optional.of(START.plusSeconds(to)),
                        Optional.empty());
                assertEquals(numbers(from * 2, Math.min(100, to) * 2), house.read(query, app));
            }
        }
        LogQuery lastOfThem = query(3, Optional.empty(), Optional.of(START.plusSeconds(50)), Optional.empty());
        assertEquals(numbers(97, 100), house.read(lastOfThem, app));
    }

    @Test
    void lineThatIsReadBeforeItsWriterGoesOn_isNotTakenForAnOldOne() {
        house.close();
        LogQuery sinceHalfAnHour =
                query(10, Optional.of(START.plus(Duration.ofMinutes(30))), Optional.empty(), Optional.empty());
        List<List<String>> seen = new CopyOnWriteArrayList<>();
        App[] app = new App[1];
        house = new LogHouse(
                home, afterWrites(new FakePlatform(), () -> seen.add(house.read(sinceHalfAnHour, app[0]))));
        app[0] = house.run("api");
        write(app[0], 0, 1);
        house.now.set(START.plus(Duration.ofHours(1)));
        write(app[0], 1, 2);
        assertEquals(List.of(List.of(), List.of("n1")), seen);
    }

    @Test
    void firstLineOfAGeneration_isToldFromTheLastOfTheFormer_howeverSoonItComes() {
        App former = house.run("api");
        write(former, 0, 1);
        house.now.set(START.plusMillis(1));
        write(house.run("api"), 1, 2);
        LogQuery since = query(10, Optional.of(START.plusMillis(1)), Optional.empty(), Optional.empty());
        assertEquals(numbers(1, 2), house.read(since, former));
    }

    @Test
    void lostIndex_losesNoLine() throws IOException {
        App app = house.run("api");
        write(app, 0, 10);
        await(house.logs.control().reopen());
        Files.delete(house.folder.resolve("api-out.log.idx"));
        assertEquals(numbers(0, 10), house.read(house.query(100, false), app));
        LogQuery recent =
                query(100, Optional.of(Instant.now().minus(Duration.ofHours(1))), Optional.empty(), Optional.empty());
        assertEquals(numbers(0, 10), house.read(recent, app));
    }

    @Test
    void pattern_findsTheLastMatchingLines_throughCompressedFiles() {
        LogPolicy.Rotation compress = new LogPolicy.Rotation(
                3000, Optional.empty(), Optional.empty(), 1000, Optional.empty(), Long.MAX_VALUE / 2, true);
        App app = house.run(spec("api", 1, policy(compress)), 0);
        for (int i = 0; i < 20; i++) {
            write(app, i * 100, i * 100 + 100);
        }
        LogQuery query = query(5, Optional.empty(), Optional.empty(), Optional.of("7[05]0$"));
        assertEquals(List.of("n750", "n1700", "n1750"), house.read(query, app).subList(1, 4));
        LogQuery all = query(LogQuery.MAX_LINES, Optional.empty(), Optional.empty(), Optional.of("[05]0$"));
        assertEquals(39, house.read(all, app).size());
    }

    @Test
    void patternThatGoesBackAndForthForEver_isRefused() {
        App app = house.run("api");
        app.out().write("a".repeat(60) + "!\n");
        house.settle(app);
        LogQuery evil = query(5, Optional.empty(), Optional.empty(), Optional.of("^(a+a+)+\\1b$"));
        AssertionError error = assertThrows(AssertionError.class, () -> house.read(evil, app));
        assertTrue(String.valueOf(error.getCause()).contains("takes too long"), String.valueOf(error.getCause()));
    }

    @Test
    void severalApps_areMergedByArrival_andCountedEach() {
        App one = house.run("one");
        App two = house.run("two");
        for (int i = 0; i < 10; i++) {
            house.now.set(START.plusSeconds(i));
            App app = i % 2 == 0 ? one : two;
            app.out().write("line " + i + "\n");
            house.settle(app);
            app.err().write("error " + i + "\n");
            house.settle(app);
        }
        List<String> expected = new ArrayList<>();
        for (int i = 6; i < 10; i++) {
            expected.add("line " + i);
            expected.add("error " + i);
        }
        assertEquals(expected, house.read(house.query(4, false), one, two));
    }

    @Test
    void follower_getsThePastThenWhatComes_throughRotation() {
        App app = house.run(spec("api", 1, policy(everyBytes(200))), 0);
        write(app, 0, 100);
        try (LogCursor cursor = house.open(house.query(10, true), app)) {
            assertEquals(numbers(90, 100), take(cursor, 10));
            Future<LogBatch> next = cursor.next();
            assertFalse(next.isComplete());
            write(app, 100, 101);
            assertEquals("n100", LogHouse.text(await(next).items().getFirst()));
            for (int i = 101; i < 300; i += 7) {
                write(app, i, i + 7);
            }
            assertEquals(numbers(101, 301), take(cursor, 200).subList(0, 200));
        }
    }

    @Test
    void follower_thatDoesNotAsk_slowsNobody_andCatchesUp() {
        App app = house.run(spec("api", 1, policy(everyBytes(1000))), 0);
        App other = house.run("other");
        write(app, 0, 1);
        try (LogCursor stalled = house.open(house.query(1, true), app);
                LogCursor quick = house.open(house.query(1, true), app)) {
            assertEquals(List.of("n0"), take(stalled, 1));
            assertEquals(List.of("n0"), take(quick, 1));
            for (int i = 1; i < 5000; i += 100) {
                write(app, i, i + 100);
                write(other, i, i + 100);
                assertEquals(numbers(i, i + 100), take(quick, 100));
            }
            assertEquals(numbers(1, 5001), take(stalled, 5000));
        }
    }

    @Test
    void follower_whoseFilesWereDeleted_seesAGap() {
        LogPolicy.Rotation keepTwo =
                new LogPolicy.Rotation(100, Optional.empty(), Optional.empty(), 2, Optional.empty(), 1 << 20, false);
        App app = house.run(spec("api", 1, policy(keepTwo)), 0);
        write(app, 0, 1);
        try (LogCursor cursor = house.open(house.query(1, true), app)) {
            assertEquals(List.of("n0"), take(cursor, 1));
            for (int i = 1; i < 1000; i += 50) {
                write(app, i, i + 50);
            }
            await(house.logs.control().rotate(List.of(), LogPolicy.Rotation.DEFAULT));
            List<String> lines = new ArrayList<>();
            while (lines.isEmpty() || !lines.getLast().equals("n1000")) {
                lines.addAll(take(cursor, 1));
            }
            long gaps = lines.stream().filter(line -> line.startsWith("GAP ")).count();
            assertEquals(1, gaps, lines.toString());
            assertEquals(numbers(951, 1001), lines.subList(lines.size() - 50, lines.size()));
        }
    }

    @Test
    void follower_ofALogThatIsNotThereYet_andOfOneMadeAnew() throws IOException {
        App app = house.run("api");
        try (LogCursor cursor = house.open(house.query(10, true), app)) {
            assertEquals(List.of(), await(cursor.next()).items());
            write(app, 0, 1);
            assertEquals(List.of("n0"), take(cursor, 1));
            Files.move(house.folder.resolve("api-out.log"), house.folder.resolve("taken-away"));
            await(house.logs.control().reopen());
            write(app, 1, 2);
            assertEquals(List.of("n1"), take(cursor, 1));
            assertEquals("n1\n", house.content("api-out.log"));
        }
    }

    @Test
    void flush_emptiesAll_andAFollowerGoesOn() {
        App app = house.run(spec("api", 1, policy(everyBytes(100))), 0);
        write(app, 0, 100);
        try (LogCursor cursor = house.open(house.query(1, true), app)) {
            assertEquals(List.of("n99"), take(cursor, 1));
            await(house.logs
                    .control()
                    .flush(InstanceLogs.of(house.folder, app.spec(), 0).files()));
            assertEquals(List.of(), house.read(house.query(100, false), app));
            write(app, 100, 103);
            assertEquals(numbers(100, 103), take(cursor, 3));
            assertEquals(numbers(100, 103), house.read(house.query(100, false), app));
        }
    }

    @Test
    void rotateOnDemand_putsAside_andReadsOn() {
        App app = house.run("api");
        write(app, 0, 10);
        await(house.logs
                .control()
                .rotate(InstanceLogs.of(house.folder, app.spec(), 0).files(), LogPolicy.Rotation.DEFAULT));
        assertEquals("", house.content("api-out.log"));
        write(app, 10, 12);
        assertEquals(numbers(5, 12), house.read(house.query(7, false), app));
    }

    @Test
    void closedCursor_answersWithTheLastBatch() {
        App app = house.run("api");
        LogCursor cursor = house.open(house.query(0, true), app);
        assertFalse(await(cursor.next()).last());
        Future<LogBatch> waiting = cursor.next();
        cursor.close();
        assertEquals(LogBatch.end(), await(waiting));
        assertEquals(LogBatch.end(), await(cursor.next()));
        cursor.close();
    }

    @Test
    void tooManySources_areRefused() {
        List<LogSource> most = IntStream.range(0, LogRequest.MAX_SOURCES)
                .mapToObj(i -> new LogSource("a", OptionalInt.of(i), LogSource.Stream.STDOUT, home.resolve("f" + i)))
                .toList();
        assertEquals(
                LogRequest.MAX_SOURCES,
                new LogRequest(most, house.query(1, false), Optional.empty(), Optional.empty())
                        .sources()
                        .size());
        List<LogSource> more = new ArrayList<>(most);
        more.add(most.getFirst());
        assertThrows(
                IllegalArgumentException.class,
                () -> new LogRequest(more, house.query(1, false), Optional.empty(), Optional.empty()));
    }
}
