package dev.bunctl.verticles.log;

import static dev.bunctl.verticles.log.LogHouse.await;
import static dev.bunctl.verticles.log.LogHouse.everyBytes;
import static dev.bunctl.verticles.log.LogHouse.policy;
import static dev.bunctl.verticles.log.LogHouse.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.fake.FakePipe;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FullDisk;
import dev.bunctl.verticles.log.LogHouse.App;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that dies while a disk is full: what it had dropped is announced by the next. */
class UnannouncedDropsTest {
    private static final AppSpec DROPPING =
            spec("api", 1, policy(everyBytes(1 << 20), new LogPolicy.Raw(), LogPolicy.WhenFull.DROP));
    private static final AppSpec BLOCKING = spec("api", 1, policy(everyBytes(1 << 20)));

    @TempDir
    Path home;

    /** A daemon that dropped the rest of "two", "three" and "fo" and was killed then: its disk is full for good. */
    private LogHouse killedWhileDropping() {
        FullDisk disk = new FullDisk();
        LogHouse killed = new LogHouse(home, disk.over(new FakePlatform()));
        App app = killed.run(DROPPING, 0);
        app.out().write("one\nt");
        killed.settle(app);
        disk.fill();
        app.out().write("wo\nthree\nfo");
        killed.settle(app);
        return killed;
    }

    private static void runs(LogHouse house, AppSpec spec, int generation, String text) {
        FakePipe out = new FakePipe();
        out.write(text);
        house.settle(new App(
                spec,
                out,
                out,
                house.logs.collector().collect(new ProcessKey("api:0", generation), spec, out, new FakePipe())));
    }

    @Test
    void nextDaemon_announcesThem_andDropsTheRestOfTheLine() {
        try (LogHouse _ = killedWhileDropping();
                LogHouse next = new LogHouse(home)) {
            runs(next, DROPPING, 1, "ur\nfive\n");
            assertEquals(
                    "one\nt [bunctl: the rest was dropped]\n[bunctl] 3 lines (14 bytes) dropped: disk full\nfive\n",
                    next.content("api-out.log"));
        }
    }

    @Test
    void lineOfAnotherProcess_isNotTakenForTheRest() {
        try (LogHouse _ = killedWhileDropping();
                LogHouse next = new LogHouse(home)) {
            runs(next, BLOCKING, 2, "hello\nfive\n");
            assertEquals(
                    "one\nt [bunctl: the rest was dropped]\n[bunctl] 3 lines (11 bytes) dropped: disk full\nhello\nfive\n",
                    next.content("api-out.log"));
        }
    }

    @Test
    void announced_once() {
        try (LogHouse _ = killedWhileDropping();
                LogHouse second = new LogHouse(home)) {
            runs(second, DROPPING, 1, "ur\nfive\n");
            String before = second.content("api-out.log");
            try (LogHouse third = new LogHouse(home)) {
                runs(third, DROPPING, 1, "six\n");
                assertEquals(before + "six\n", third.content("api-out.log"));
            }
        }
    }

    @Test
    void otherLogs_hearNothingOfIt() {
        try (LogHouse _ = killedWhileDropping();
                LogHouse next = new LogHouse(home)) {
            App other = next.run("other");
            other.out().write("fine\n");
            next.settle(other);
            assertEquals("fine\n", next.content("other-out.log"));
        }
    }

    @Test
    void daemonThatDiesTwiceMeanwhile_losesNoCount() {
        FullDisk disk = new FullDisk();
        try (LogHouse _ = killedWhileDropping();
                LogHouse second = new LogHouse(home, disk.over(new FakePlatform()))) {
            disk.fill();
            runs(second, DROPPING, 1, "ur\nfive\n");
            try (LogHouse third = new LogHouse(home)) {
                runs(third, DROPPING, 1, "six\n");
                assertTrue(
                        third.content("api-out.log").endsWith("[bunctl] 4 lines (19 bytes) dropped: disk full\nsix\n"),
                        third.content("api-out.log"));
            }
        }
    }

    @Test
    void damagedJournal_isNoObstacle() throws IOException {
        Files.createDirectories(home.resolve("state"));
        byte[] noise = new byte[1000];
        new Random(7).nextBytes(noise);
        Files.write(home.resolve("state/dropped"), noise);
        try (LogHouse house = new LogHouse(home)) {
            runs(house, BLOCKING, 1, "one\n");
            assertEquals("one\n", house.content("api-out.log"));
        }
    }

    @Test
    void journal_isReadableByItsOwnerOnly() throws IOException {
        try (LogHouse house = new LogHouse(home)) {
            runs(house, BLOCKING, 1, "one\n");
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("state/dropped"))));
        }
    }

    /** What the guard kept while no daemon was there, and behind it the pipe. */
    private record KeptPipe(FakePipe front, FakePipe rest, boolean unheld, long size) implements OutputPipe {
        static KeptPipe of(String kept, FakePipe rest, boolean unheld) {
            FakePipe front = new FakePipe();
            front.write(kept);
            return new KeptPipe(front, rest, unheld, kept.length());
        }

        @Override
        public long keptSize() {
            return kept() > 0 ? size : 0;
        }

        private OutputPipe next() throws NativeException {
            return front.available() > 0 ? front : rest;
        }

        @Override
        public void onReadable(Executor executor, Runnable callback) {
            if (kept() > 0) {
                executor.execute(callback);
            } else {
                rest.onReadable(executor, callback);
            }
        }

        @Override
        public int read(ByteBuffer buffer) throws NativeException {
            return next().read(buffer);
        }

        @Override
        public int transferTo(LogFile file, long offset, int limit) throws NativeException {
            return next().transferTo(file, offset, limit);
        }

        @Override
        public int available() throws NativeException {
            return next().available();
        }

        @Override
        public long kept() {
            try {
                return front.closed() ? 0 : front.available();
            } catch (NativeException gone) {
                throw new AssertionError(gone);
            }
        }

        @Override
        public OutputPipe live() {
            return rest;
        }

        @Override
        public int grow(int bytes) {
            return rest.grow(bytes);
        }

        @Override
        public void close() {
            front.close();
            rest.close();
        }
    }

    @Test
    void fullDisk_dropsNothingOfWhatTheGuardKept_butWhatComesBehindIt() {
        for (AppSpec spec : List.of(DROPPING, BLOCKING)) {
            FullDisk disk = new FullDisk();
            Path place = home.resolve(spec.logs().whenFull().name());
            try (LogHouse house = new LogHouse(place, disk.over(new FakePlatform()))) {
                String kept = "kept\n".repeat(8000) + "cut ";
                KeptPipe out = KeptPipe.of(kept, new FakePipe(), false);
                out.rest().write("here\n" + "pipe\n".repeat(8000));
                disk.fill();
                OutputCollector.Collection collection = house.collect(spec, 0, out, new FakePipe());
                await(collection.drain());
                disk.free();
                await(collection.drain());
                out.rest().write("after\n");
                await(collection.drain());
                assertEquals(
                        kept
                                + "[bunctl: the rest was dropped]\n"
                                + "[bunctl] 8001 lines (40005 bytes) dropped: disk full\nafter\n",
                        house.content("api-out.log").replace("cut  [", "cut ["),
                        spec.logs().whenFull().name());
            }
        }
    }

    @Test
    void outputThatNobodyHeld_isDoubted_behindWhatTheGuardKept() {
        for (AppSpec spec : List.of(DROPPING, BLOCKING)) {
            Path place = home.resolve(spec.logs().whenFull().name());
            try (LogHouse house = new LogHouse(place)) {
                FakePipe rest = new FakePipe();
                rest.hangUp();
                OutputPipe out = KeptPipe.of("kept\ncut", rest, true);
                await(house.collect(spec, 0, out, new FakePipe()).drain());
                FakePipe next = new FakePipe();
                OutputCollector.Collection collection = house.collect(spec, 0, next, new FakePipe());
                next.write("next\n");
                await(collection.drain());
                assertEquals(
                        """
                        kept
                        cut [bunctl: the rest was dropped]
                        [bunctl] lines may have been dropped: the app ended while guard and daemon were dead
                        next
                        """,
                        house.content("api-out.log"),
                        spec.logs().whenFull().name());
            }
        }
    }

    /** The guard added to what it kept while no daemon was there. */
    @Test
    void whatWasDroppedBehindWhatIsKept_isAnnouncedThereByTheNextDaemon() {
        for (AppSpec spec : List.of(DROPPING, BLOCKING)) {
            FullDisk disk = new FullDisk();
            Path place = home.resolve(spec.logs().whenFull().name());
            try (LogHouse killed = new LogHouse(place, disk.over(new FakePlatform()))) {
                KeptPipe before = KeptPipe.of("one\ntwo\n", new FakePipe(), false);
                before.rest().write("gone\n".repeat(8000));
                disk.fill();
                await(killed.collect(spec, 0, before, new FakePipe()).drain());
                try (LogHouse next = new LogHouse(place)) {
                    KeptPipe after = KeptPipe.of("one\ntwo\nfive\n", new FakePipe(), false);
                    OutputCollector.Collection collection = next.collect(spec, 0, after, new FakePipe());
                    await(collection.drain());
                    after.rest().write("six\n");
                    await(collection.drain());
                    assertEquals(
                            """
                            one
                            two
                            [bunctl] 8000 lines (40000 bytes) dropped: disk full
                            five
                            six
                            """,
                            next.content("api-out.log"),
                            spec.logs().whenFull().name());
                }
            }
        }
    }
}
