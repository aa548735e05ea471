package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.FolderWatch.Change;
import dev.bunctl.os.api.FolderWatch.Kind;
import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LinuxFolderWatchTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private NativeLoop loop;
    private Inotify inotify;

    @BeforeEach
    void begin() throws NativeException {
        loop = NativeLoop.open();
        loop.start();
        inotify = Inotify.open(loop);
    }

    @AfterEach
    void end() {
        inotify.close();
        loop.close();
    }

    private LinuxFolderWatch watch() {
        return new LinuxFolderWatch(inotify, Runnable::run, changes::addAll);
    }

    private Change next() throws InterruptedException {
        return Objects.requireNonNull(changes.poll(60, TimeUnit.SECONDS), "no change came");
    }

    @Test
    void change_isToldWithItsFolderAndName() throws Exception {
        try (LinuxFolderWatch watch = watch()) {
            int number = watch.add(folder);
            Path file = Files.writeString(folder.resolve("ä.ts"), "1");
            assertEquals(new Change(number, Kind.CREATED, "ä.ts", false), next());
            assertEquals(new Change(number, Kind.WRITTEN, "ä.ts", false), next());
            Path _ = Files.createDirectory(folder.resolve("below"));
            assertEquals(new Change(number, Kind.CREATED, "below", true), next());
            Path moved = Files.move(file, folder.resolve("b.ts"), StandardCopyOption.ATOMIC_MOVE);
            assertEquals(new Change(number, Kind.REMOVED, "ä.ts", false), next());
            assertEquals(new Change(number, Kind.MOVED_HERE, "b.ts", false), next());
            Files.delete(moved);
            assertEquals(new Change(number, Kind.REMOVED, "b.ts", false), next());
        }
    }

    @Test
    void folderThatIsDeleted_saysSo_andIsAnotherWhenItIsMadeAgain() throws Exception {
        try (LinuxFolderWatch watch = watch()) {
            Path below = Files.createDirectory(folder.resolve("below"));
            int number = watch.add(below);
            Files.delete(below);
            assertEquals(new Change(number, Kind.FOLDER_GONE, "", false), next());
            Path _ = Files.createDirectory(below);
            assertNotEquals(number, watch.add(below));
        }
    }

    @Test
    void twoListenersOfOneFolder_areBothTold_untilEachHasEnough() throws Exception {
        List<Change> others = new ArrayList<>();
        try (LinuxFolderWatch watch = watch();
                LinuxFolderWatch other = new LinuxFolderWatch(inotify, Runnable::run, others::addAll)) {
            int number = watch.add(folder);
            assertEquals(number, other.add(folder));
            other.remove(number);
            Path _ = Files.createDirectory(folder.resolve("a"));
            assertEquals("a", next().name());
            assertEquals(List.of(), others);
        }
    }

    @Test
    void slowListener_keepsALimitedNumber_andIsToldThatChangesWereLost() throws Exception {
        List<Runnable> posted = new ArrayList<>();
        List<Change> told = new ArrayList<>();
        LinuxFolderWatch slow = new LinuxFolderWatch(inotify, posted::add, told::addAll);
        for (int i = 0; i <= FolderWatch.MAX_WAITING; i++) {
            slow.tell(new Change(1, Kind.WRITTEN, "f" + i, false));
        }
        assertEquals(1, posted.size());
        posted.getFirst().run();
        assertEquals(List.of(new Change(0, Kind.LOST, "", false)), told);
        slow.tell(new Change(1, Kind.WRITTEN, "later", false));
        assertEquals(2, posted.size());
        slow.close();
    }

    @Test
    void whatIsNoFolder_isRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (LinuxFolderWatch watch = watch()) {
            assertEquals(
                    Errno.ENOENT,
                    assertThrows(NativeException.class, () -> watch.add(folder.resolve("missing")))
                            .errno());
            assertTrue(assertThrows(NativeException.class, () -> watch.add(file))
                    .detail()
                    .contains("not a directory"));
        }
    }

    @Test
    void openAndClose_leavesNoDescriptor() throws Exception {
        long before = LinuxProcessesTest.descriptors();
        for (int i = 0; i < 100; i++) {
            Inotify one = Inotify.open(loop);
            int _ = one.add(folder, watch());
            one.close();
        }
        assertEquals(before, LinuxProcessesTest.descriptors());
    }
}
