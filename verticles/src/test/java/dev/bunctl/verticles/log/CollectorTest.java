package dev.bunctl.verticles.log;

import static dev.bunctl.verticles.log.LogHouse.await;
import static dev.bunctl.verticles.log.LogHouse.everyBytes;
import static dev.bunctl.verticles.log.LogHouse.policy;
import static dev.bunctl.verticles.log.LogHouse.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FullDisk;
import dev.bunctl.verticles.log.LogHouse.App;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
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

    @Test
    void bothStreams_goToTheirFiles_asTheyCame() {
        App app = house.run("api");
        app.out().write("one\r\n\u001b[1mtwo\u001b[0m\0\nhalf");
        app.err().write("oh\n");
        house.settle(app);
        assertEquals("one\r\n\u001b[1mtwo\u001b[0m\0\nhalf", house.content("api-out.log"));
        assertEquals("oh\n", house.content("api-error.log"));
    }

    @Test
    void inheritedStreams_areWrittenInWholeLines_behindTheNameOfTheInstance_andToNoFile() {
        FakePlatform platform = new FakePlatform();
        try (LogHouse foreground = new LogHouse(home.resolve("run"), platform)) {
            App app = foreground.run(spec("api", 1, foreground(new LogPolicy.Prefixed(7))), 0);
            app.out().write("one\ntw");
            app.err().write("oh\n");
            app.out().write("o\nlast");
            foreground.settle(app);
            assertEquals(
                    "api:0   | one\napi:0   | two\napi:0   | last\n",
                    platform.standardOutput().text());
            assertEquals("api:0   | oh\n", platform.standardError().text());
            assertFalse(Files.exists(foreground.folder));
        }
    }

    @Test
    void readerThatIsGone_isToldOnce_andTheAppWritesOn() {
        FakePlatform platform = new FakePlatform();
        try (LogHouse foreground = new LogHouse(home.resolve("run"), platform)) {
            App app = foreground.run(spec("api", 1, foreground(new LogPolicy.Raw())), 0);
            platform.standardOutput().loseReader();
            for (int n = 0; n < 3; n++) {
                app.out().write("line\n");
                foreground.settle(app);
            }
            assertEquals(1, foreground.readersGone.get());
            app.err().write("oh\n");
            foreground.settle(app);
            assertEquals("oh\n", platform.standardError().text());
        }
    }

    private static LogPolicy foreground(LogPolicy.Format format) {
        return LogPolicy.DEFAULT.to(new LogPolicy.Inherited(), new LogPolicy.Inherited(), format);
    }

    @Test
    void filesAndFolder_areForTheOwnerAlone() throws IOException {
        App app = house.run("api");
        app.out().write("one\n");
        house.settle(app);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(house.folder)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(house.folder.resolve("api-out.log.idx"))));
    }

    @Test
    void drain_completesWhenWhatTheProgramWroteIsInTheFile() {
        App app = house.run("api");
        for (int i = 0; i < 100; i++) {
            app.out().write("line " + i + "\n");
        }
        app.out().hangUp();
        app.err().hangUp();
        await(app.collection().drain());
        assertEquals(100, house.content("api-out.log").lines().count());
        assertTrue(app.out().closed());
    }

    @Test
    void descendantThatHoldsThePipe_isCollectedOn() {
        App app = house.run("api");
        app.out().write("parent\n");
        await(app.collection().drain());
        app.out().write("child\n");
        house.settle(app);
        assertFalse(app.out().closed());
        assertEquals("parent\nchild\n", house.content("api-out.log"));
    }

    @Test
    void instancesOfOneApp_haveFilesOfTheirOwn_unlessMerged() {
        App first = house.run(spec("web", 2, LogPolicy.DEFAULT), 0);
        App second = house.run(spec("web", 2, LogPolicy.DEFAULT), 1);
        first.out().write("a\n");
        second.out().write("b\n");
        house.settle(first);
        house.settle(second);
        assertEquals("a\n", house.content("web-out.log"));
        assertEquals("b\n", house.content("web-out-1.log"));
    }

    @Test
    void mergedInstances_shareAFile_andKeepLinesWhole() {
        LogPolicy usual = LogPolicy.DEFAULT;
        LogPolicy merged = new LogPolicy(
                usual.stdout(),
                usual.stderr(),
                usual.combined(),
                true,
                usual.format(),
                1000,
                usual.whenFull(),
                Optional.empty(),
                usual.rotation());
        App first = house.run(spec("web", 2, merged), 0);
        App second = house.run(spec("web", 2, merged), 1);
        first.out().write("aa");
        second.out().write("bb\n");
        house.settle(second);
        first.out().write("aa\n");
        house.settle(first);
        assertEquals("bb\naaaa\n", house.content("web-out.log"));
    }

    @Test
    void combinedLog_hasBothStreams_besideTheirOwn() {
        LogPolicy usual = LogPolicy.DEFAULT;
        Path both = home.resolve("sub/both.log");
        LogPolicy combined = new LogPolicy(
                usual.stdout(),
                usual.stderr(),
                Optional.of(both),
                false,
                usual.format(),
                1000,
                usual.whenFull(),
                Optional.empty(),
                usual.rotation());
        App app = house.run(spec("api", 1, combined), 0);
        app.out().write("o\n");
        house.settle(app);
        app.err().write("e\n");
        house.settle(app);
        assertEquals("o\n", house.content("api-out.log"));
        assertEquals("e\n", house.content("api-error.log"));
        assertEquals("o\ne\n", house.content("../sub/both.log"));
    }

    @Test
    void outputThatGoesNowhere_isReadAllTheSame() {
        LogPolicy usual = LogPolicy.DEFAULT;
        LogPolicy none = new LogPolicy(
                new LogPolicy.Nowhere(),
                new LogPolicy.Nowhere(),
                Optional.empty(),
                false,
                usual.format(),
                1000,
                usual.whenFull(),
                Optional.empty(),
                usual.rotation());
        App app = house.run(spec("api", 1, none), 0);
        for (int i = 0; i < 10; i++) {
            app.out().write("x".repeat(60_000));
            house.settle(app);
        }
        assertFalse(Files.exists(house.folder));
    }

    @Test
    void truncatedByTheUser_isWrittenOnFromItsNewEnd() throws IOException {
        App app = house.run("api");
        app.out().write("old old old\n");
        house.settle(app);
        Files.writeString(house.folder.resolve("api-out.log"), "");
        app.out().write("new\n");
        house.settle(app);
        assertEquals("new\n", house.content("api-out.log"));
    }

    @Test
    void sequenceThroughRotation_isKeptOnceAndInOrder() {
        App app = house.run(spec("api", 1, policy(everyBytes(100_000))), 0);
        int lines = 100_000;
        StringBuilder chunk = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            chunk.append("line number ").append(i).append('\n');
            if (chunk.length() > 40_000 || i == lines - 1) {
                app.out().write(chunk.toString());
                chunk.setLength(0);
                house.settle(app);
            }
        }
        List<String> read = house.read(house.query(lines + 10, false), app);
        assertEquals(lines, read.size());
        for (int i = 0; i < lines; i++) {
            assertEquals("line number " + i, read.get(i));
        }
        assertTrue(house.names().size() > 10, () -> String.valueOf(house.names()));
    }

    @Test
    void siblingWithALongerName_isNeverTouched() throws IOException {
        LogPolicy.Rotation tight =
                new LogPolicy.Rotation(10, Optional.empty(), Optional.empty(), 0, Optional.empty(), 1, false);
        Files.createDirectories(house.folder);
        Path sibling = house.folder.resolve("api-out.log.20260101-000000.1.bak");
        Path gateway = house.folder.resolve("api-gateway-out.log.20260101-000000.1");
        Files.writeString(sibling, "s");
        Files.writeString(gateway, "g");
        App app = house.run(spec("api", 1, policy(tight)), 0);
        app.out().write("0123456789\n");
        house.settle(app);
        await(house.logs
                .control()
                .flush(InstanceLogs.of(house.folder, app.spec(), 0).files()));
        assertTrue(Files.exists(sibling));
        assertTrue(Files.exists(gateway));
    }

    @Test
    void fullDisk_underDrop_countsAndAnnouncesWholeLines() {
        FullDisk disk = new FullDisk();
        try (LogHouse small = new LogHouse(home.resolve("small"), disk.over(new FakePlatform()))) {
            LogPolicy policy = policy(everyBytes(1 << 20), new LogPolicy.Raw(), LogPolicy.WhenFull.DROP);
            App app = small.run(spec("api", 1, policy), 0);
            app.out().write("one\nt");
            small.settle(app);
            disk.fill();
            app.out().write("wo\nthree\nfo");
            small.settle(app);
            disk.free();
            app.out().write("ur\nfive\n");
            small.settle(app);
            assertEquals(
                    "one\nt [bunctl: the rest was dropped]\n[bunctl] 3 lines (14 bytes) dropped: disk full\nfive\n",
                    small.content("api-out.log"));
        }
    }

    @Test
    void diskThatBecomesFullWithinALine_leavesNoHalfLineThatLooksWhole() {
        for (LogPolicy.Format format : List.of(new LogPolicy.Raw(), new LogPolicy.Timestamped("[T]"))) {
            FullDisk disk = new FullDisk();
            Path place = home.resolve(format.getClass().getSimpleName());
            try (LogHouse small = new LogHouse(place, disk.over(new FakePlatform()))) {
                LogPolicy policy = policy(everyBytes(1 << 20), format, LogPolicy.WhenFull.DROP);
                App app = small.run(spec("api", 1, policy), 0);
                disk.fillAfter(12);
                app.out().write("number 1000\nnumber 1001\n");
                small.settle(app);
                disk.free();
                app.out().write("number 1002\n");
                small.settle(app);
                List<String> torn = small.content("api-out.log")
                        .lines()
                        .filter(line -> !line.endsWith("number 1000") && !line.endsWith("number 1002"))
                        .toList();
                assertTrue(torn.getLast().contains("[bunctl] "), torn.toString());
                assertTrue(torn.stream().allMatch(line -> line.contains("dropped")), small.content("api-out.log"));
            }
        }
    }

    @Test
    void fullDisk_underBlock_keepsWhatThePipeHolds() {
        FullDisk disk = new FullDisk();
        try (LogHouse small = new LogHouse(home.resolve("small"), disk.over(new FakePlatform()))) {
            App app = small.run(spec("api", 1, policy(everyBytes(1 << 20))), 0);
            disk.fill();
            app.out().write("one\ntwo\n");
            small.settle(app);
            disk.free();
            small.settle(app);
            assertEquals("one\ntwo\n", small.content("api-out.log"));
        }
    }

    @Test
    void fullDisk_underBlock_neverStopsTheApp() {
        FullDisk disk = new FullDisk();
        try (LogHouse small = new LogHouse(home.resolve("small"), disk.over(new FakePlatform()))) {
            App app = small.run(spec("api", 1, policy(everyBytes(1 << 20))), 0);
            disk.fill();
            String line = "x".repeat(99) + "\n";
            for (int i = 0; i < 10; i++) {
                app.out().write(line.repeat(400));
                small.settle(app);
            }
            disk.free();
            app.out().write("after\n");
            small.settle(app);
            String content = small.content("api-out.log");
            assertTrue(content.contains("[bunctl] "), content);
            assertTrue(content.endsWith("after\n"), content);
            long kept = content.lines().filter(l -> l.startsWith("x")).count();
            long dropped =
                    Long.parseLong(content.substring(content.indexOf("[bunctl] ") + 9, content.indexOf(" lines")));
            assertEquals(4000, kept + dropped);
        }
    }

    @Test
    void lastErrorLines_areOfThisGenerationOnly() {
        App first = house.run("api");
        first.err().write("old\n");
        first.err().hangUp();
        first.out().hangUp();
        house.settle(first);
        App second = house.run("api");
        house.settle(second);
        assertEquals(List.of(), await(house.logs.collector().lastErrorLines("api:0", 5)));
        second.err().write("a\nb\nc");
        house.settle(second);
        assertEquals(List.of("b", "c"), await(house.logs.collector().lastErrorLines("api:0", 2)));
        assertEquals(List.of(), await(house.logs.collector().lastErrorLines("other:0", 2)));
    }

    @Test
    void userPathThatCannotBeMade_countsAndNeverStopsTheApp() throws IOException {
        Path file = home.resolve("plain");
        Files.writeString(file, "not a folder", StandardCharsets.UTF_8);
        LogPolicy usual = LogPolicy.DEFAULT;
        LogPolicy bad = new LogPolicy(
                new LogPolicy.File(file.resolve("x.log")),
                usual.stderr(),
                Optional.empty(),
                false,
                usual.format(),
                1000,
                LogPolicy.WhenFull.DROP,
                Optional.empty(),
                usual.rotation());
        App app = house.run(spec("api", 1, bad), 0);
        for (int i = 0; i < 10; i++) {
            app.out().write("y".repeat(60_000));
            house.settle(app);
        }
        assertEquals("not a folder", Files.readString(file));
    }
}
