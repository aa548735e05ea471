package dev.bunctl.verticles.log;

import static dev.bunctl.verticles.log.LogHouse.START;
import static dev.bunctl.verticles.log.LogHouse.await;
import static dev.bunctl.verticles.log.LogHouse.everyBytes;
import static dev.bunctl.verticles.log.LogHouse.policy;
import static dev.bunctl.verticles.log.LogHouse.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.fake.FakeLogFile;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.linux.LinuxLogFile;
import dev.bunctl.verticles.log.LogHouse.App;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs over rotations, daemons and full disks. */
@Timeout(120)
class LongLifeTest {
    @TempDir
    private Path home;

    private static Platform opening(Opener opener) {
        FakePlatform fake = new FakePlatform();
        return (Platform) Proxy.newProxyInstance(
                Platform.class.getClassLoader(),
                new Class<?>[] {Platform.class},
                (self, method, arguments) -> method.getName().equals("openLog")
                        ? opener.open((Path) arguments[0])
                        : method.invoke(fake, arguments));
    }

    private interface Opener {
        LogFile open(Path path) throws NativeException;
    }

    private static long total(LogHouse house) throws IOException {
        long bytes = 0;
        for (String name : house.names()) {
            bytes += Files.size(house.folder.resolve(name));
        }
        return bytes;
    }

    @Test
    void defaultPolicy_keepsTheTotalCap_whateverTheAppWrites() throws IOException {
        LogPolicy.Rotation usual = LogPolicy.Rotation.DEFAULT;
        LogPolicy.Rotation small = new LogPolicy.Rotation(
                usual.maxBytes() / 100,
                usual.every(),
                Optional.empty(),
                usual.keep(),
                usual.maxAge(),
                usual.maxTotalBytes() / 100,
                false);
        try (LogHouse house = new LogHouse(home)) {
            App app = house.run(spec("api", 1, policy(small)), 0);
            String line = "x".repeat(99) + "\n";
            for (int i = 0; i < 100; i++) {
                app.out().write(line.repeat(600));
                house.settle(app);
            }
            app.out().hangUp();
            app.err().hangUp();
            house.settle(app);
            await(house.logs.control().reopen());
            assertTrue(total(house) <= small.maxTotalBytes() + small.maxBytes(), house.names() + " " + total(house));
            assertTrue(total(house) >= small.maxTotalBytes() / 2, house.names() + " " + total(house));
        }
    }

    @Test
    void everyHour_theLogIsPutAside_beforeTheFirstLineOfTheNextHour() {
        LogPolicy.Rotation hourly = new LogPolicy.Rotation(
                1 << 20, Optional.of(Duration.ofHours(1)), Optional.empty(), 10, Optional.empty(), 1 << 30, false);
        AppSpec spec = spec("api", 1, policy(hourly));
        try (LogHouse house = new LogHouse(home)) {
            App app = house.run(spec, 0);
            app.out().write("first\n");
            house.settle(app);
            house.now.set(START.plusSeconds(3599));
            app.out().write("same hour\n");
            house.settle(app);
            house.now.set(START.plusSeconds(3600));
            app.out().write("next hour\n");
            house.settle(app);
            assertEquals("next hour\n", house.content("api-out.log"));
            assertEquals("first\nsame hour\n", house.content("api-out.log.20260131-130000.1"));
        }
    }

    @Test
    void cronTime_putsTheLogAside_beforeTheFirstLineAfterIt() {
        LogPolicy.Rotation everyQuarter = new LogPolicy.Rotation(
                1 << 20, Optional.empty(), Optional.of("*/15 * * * *"), 10, Optional.empty(), 1 << 30, false);
        try (LogHouse house = new LogHouse(home)) {
            App app = house.run(spec("api", 1, policy(everyQuarter)), 0);
            app.out().write("first\n");
            house.settle(app);
            house.now.set(START.plusSeconds(899));
            app.out().write("same quarter\n");
            house.settle(app);
            house.now.set(START.plusSeconds(900));
            app.out().write("next quarter\n");
            house.settle(app);
            assertEquals("next quarter\n", house.content("api-out.log"));
            assertEquals("first\nsame quarter\n", house.content("api-out.log.20260131-121500.1"));
        }
    }

    @Test
    void syncInterval_syncsWhatWasWritten_andRestsWithTheApp() throws Exception {
        BlockingQueue<String> synced = new LinkedBlockingQueue<>();
        Platform platform = opening(path -> new Synced(FakeLogFile.open(path), synced));
        LogPolicy usual = policy(everyBytes(1 << 20));
        LogPolicy often = new LogPolicy(
                usual.stdout(),
                usual.stderr(),
                usual.combined(),
                false,
                usual.format(),
                usual.maxLineBytes(),
                usual.whenFull(),
                Optional.of(Duration.ofMillis(1)),
                usual.rotation());
        try (LogHouse house = new LogHouse(home, platform)) {
            App app = house.run(spec("api", 1, often), 0);
            app.out().write("first\n");
            assertEquals("sync", synced.poll(60, TimeUnit.SECONDS));
            app.out().write("second\n");
            assertEquals("sync", synced.poll(60, TimeUnit.SECONDS));
            assertTrue(synced.isEmpty());
        }
    }

    private record Synced(LogFile file, BlockingQueue<String> synced) implements LogFile {
        @Override
        public long size() throws NativeException {
            return file.size();
        }

        @Override
        public void write(byte[] bytes, int from, int length, long offset) throws NativeException {
            file.write(bytes, from, length, offset);
        }

        @Override
        public void truncate(long size) throws NativeException {
            file.truncate(size);
        }

        @Override
        public void sync() throws NativeException {
            file.sync();
            synced.add("sync");
        }

        @Override
        public void close() {
            file.close();
        }
    }

    @Test
    void logOfYesterday_isPutAside_whenTheDaemonWasAwayAtMidnight() throws IOException {
        LogPolicy.Rotation daily = new LogPolicy.Rotation(
                1 << 20, Optional.of(Duration.ofDays(1)), Optional.empty(), 10, Optional.empty(), 1 << 30, false);
        try (LogHouse house = new LogHouse(home)) {
            Files.createDirectories(house.folder);
            Path log = house.folder.resolve("api-out.log");
            Files.writeString(log, "yesterday\n");
            Files.setLastModifiedTime(log, FileTime.from(START.minus(Duration.ofDays(1))));
            App app = house.run(spec("api", 1, policy(daily)), 0);
            app.out().write("today\n");
            house.settle(app);
            assertEquals("today\n", house.content("api-out.log"));
            assertEquals(List.of("yesterday", "today"), house.read(house.query(10, false), app));
        }
    }

    @Test
    void nextDaemon_goesOnWhereTheLastOneEnded() {
        AppSpec spec = spec("api", 1, policy(everyBytes(150)));
        List<String> expected = new ArrayList<>();
        List<String> unread = List.of();
        for (int life = 0; life < 5; life++) {
            try (LogHouse house = new LogHouse(home)) {
                App app = house.run(spec, 0);
                unread.forEach(line -> app.out().write(line + "\n"));
                for (int i = 0; i < 20; i++) {
                    String line = "life " + life + " line " + i;
                    app.out().write(line + "\n");
                    expected.add(line);
                    if (i % 3 == 0) {
                        house.settle(app);
                    }
                }
                await(house.logs.close());
                unread = expected.subList(linesInFiles(house), expected.size());
            }
        }
        try (LogHouse house = new LogHouse(home)) {
            App app = house.run(spec, 0);
            unread.forEach(line -> app.out().write(line + "\n"));
            house.settle(app);
            assertEquals(expected, house.read(house.query(1000, false), app));
        }
    }

    private static int linesInFiles(LogHouse house) {
        return (int) house.names().stream()
                .filter(name -> name.startsWith("api-out.log") && !name.endsWith(".idx"))
                .mapToLong(name -> house.content(name).lines().count())
                .sum();
    }

    @Test
    void diskThatHangs_stopsItsOwnAppOnly() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch freed = new CountDownLatch(1);
        Platform platform = opening(path -> {
            LogFile file = FakeLogFile.open(path);
            return path.toString().contains("hanging") ? new Hanging(file, stuck, freed) : file;
        });
        try (LogHouse house = new LogHouse(home, platform)) {
            App hanging = house.run("hanging");
            App free = house.run("free");
            hanging.out().write("waits\n");
            assertTrue(stuck.await(60, TimeUnit.SECONDS));
            for (int i = 0; i < 100; i++) {
                free.out().write("line " + i + "\n");
                house.settle(free);
            }
            assertEquals(100, house.read(house.query(1000, false), free).size());
            freed.countDown();
            house.settle(hanging);
            assertEquals("waits\n", house.content("hanging-out.log"));
        }
    }

    @Test
    void slowDisk_underDrop_neverStopsTheApp_andWhatIsMissingIsAnnounced() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch freed = new CountDownLatch(1);
        Platform platform = opening(path -> new Hanging(FakeLogFile.open(path), stuck, freed));
        try (LogHouse house = new LogHouse(home, platform)) {
            LogPolicy drop = policy(everyBytes(1 << 30), new LogPolicy.Raw(), LogPolicy.WhenFull.DROP);
            App app = house.run(spec("api", 1, drop), 0);
            app.out().write(numbered(0));
            assertTrue(stuck.await(60, TimeUnit.SECONDS));
            int number = 1;
            // Far more than the pipe holds: a program that had to wait for the disk would never come to the end of it.
            for (; number < 5000; number++) {
                writeWhenThereIsRoom(app, numbered(number));
            }
            freed.countDown();
            house.settle(app);
            app.out().write(numbered(number));
            house.settle(app);
            List<String> lines = house.content("api-out.log").lines().toList();
            checkAnnounced(lines, "disk too slow");
            assertEquals(numbered(number).strip(), lines.getLast());
        }
    }

    private static String numbered(int number) {
        return String.format("%07d %s%n", number, "x".repeat(91));
    }

    private static void writeWhenThereIsRoom(App app, String text) {
        byte[] left = text.getBytes(StandardCharsets.UTF_8);
        for (int taken = app.out().write(left);
                taken < left.length;
                taken = app.out().write(left)) {
            left = Arrays.copyOfRange(left, taken, left.length);
            Thread.onSpinWait();
        }
    }

    private static void checkAnnounced(List<String> lines, String reason) {
        Pattern announcement = Pattern.compile("\\[bunctl\\] ([0-9]+) lines? \\([0-9]+ bytes\\) dropped: " + reason);
        int next = 0;
        int announced = 0;
        for (String line : lines) {
            Matcher gap = announcement.matcher(line);
            if (gap.matches()) {
                next += Integer.parseInt(gap.group(1));
                announced++;
            } else {
                assertEquals(String.format("%07d", next++), line.substring(0, 7), lines::toString);
            }
        }
        assertTrue(announced > 0, lines::toString);
    }

    private record Hanging(LogFile file, CountDownLatch stuck, CountDownLatch freed) implements LogFile {
        @Override
        public long size() throws NativeException {
            return file.size();
        }

        @Override
        public void write(byte[] bytes, int from, int length, long offset) throws NativeException {
            stuck.countDown();
            try {
                freed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            file.write(bytes, from, length, offset);
        }

        @Override
        public void truncate(long size) throws NativeException {
            file.truncate(size);
        }

        @Override
        public void sync() throws NativeException {
            file.sync();
        }

        @Override
        public void close() {
            file.close();
        }
    }

    @Test
    void smallTmpfsThatFillsUp_losesOnlyWhatIsAnnounced_andWritingResumes() throws Exception {
        Path mount = Files.createDirectories(home.resolve("tmpfs"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount.toString()) == 0, "needs root");
        try (LogHouse house = new LogHouse(mount, opening(LinuxLogFile::open))) {
            LogPolicy drop = policy(everyBytes(1 << 20), new LogPolicy.Raw(), LogPolicy.WhenFull.DROP);
            App app = house.run(spec("api", 1, drop), 0);
            int number = 0;
            for (; number < 8000; number++) {
                app.out().write(String.format("%07d %s%n", number, "x".repeat(90)));
                if (number % 50 == 0) {
                    house.settle(app);
                }
            }
            house.settle(app);
            List<String> before = house.read(house.query(100_000, false), app);
            assertTrue(before.size() < 8000, "the disk did not fill up");
            await(house.logs
                    .control()
                    .flush(InstanceLogs.of(house.folder, app.spec(), 0).files()));
            for (; number < 8100; number++) {
                app.out().write(String.format("%07d %s%n", number, "x".repeat(90)));
            }
            house.settle(app);
            List<String> after = house.read(house.query(100_000, false), app);
            assertTrue(
                    after.getFirst().matches("\\[bunctl\\] [0-9]+ lines \\([0-9]+ bytes\\) dropped: disk full"),
                    after.getFirst());
            assertEquals(String.format("%07d", 8099), after.getLast().substring(0, 7));
            checkOrder(before, after);
        } finally {
            assertEquals(0, run("umount", "-l", mount.toString()));
        }
    }

    /** Numbers in order, and as many missing between the two as were announced. */
    private static void checkOrder(List<String> before, List<String> after) {
        List<String> whole = before.stream().filter(line -> line.length() == 98).toList();
        for (int i = 0; i < whole.size(); i++) {
            assertEquals(String.format("%07d", i), whole.get(i).substring(0, 7));
        }
        long dropped = Long.parseLong(after.getFirst().split(" ")[1]);
        int first = Integer.parseInt(after.get(1).substring(0, 7));
        assertEquals(first, whole.size() + dropped);
        for (int i = 1; i < after.size(); i++) {
            assertEquals(String.format("%07d", first + i - 1), after.get(i).substring(0, 7));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }
}
