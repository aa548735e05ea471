package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs as the guard makes them, read on a real kernel. */
@Timeout(120)
final class FifoPipeTest {
    private static final int USER_LIMIT = 2 << 20;

    @TempDir
    Path folder;

    private NativeLoop loop;
    private Path fifo;
    private FifoPipe pipe;
    private OutputStream writer;
    private PipeBudget budget = new PipeBudget(USER_LIMIT);

    @SuppressWarnings("NullAway.Init") // JUnit calls open first
    FifoPipeTest() {}

    @BeforeEach
    void open() throws Exception {
        loop = NativeLoop.open();
        loop.start();
        fifo = folder.resolve("out");
        pipe = new FifoPipe(TestLibC.fifo(fifo), false, loop, budget, () -> {});
        writer = new FileOutputStream(fifo.toFile());
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
        writer.close();
        loop.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void awaitReadable() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        pipe.onReadable(Runnable::run, called::countDown);
        called.await();
    }

    private String readAll() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        while (true) {
            int count = pipe.read(buffer);
            if (count == OutputPipe.END) {
                break;
            }
            if (count == OutputPipe.EMPTY) {
                awaitReadable();
            }
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    @Test
    void read_emptyWithWriter_isEmpty() throws Exception {
        assertEquals(OutputPipe.EMPTY, pipe.read(ByteBuffer.allocateDirect(8)));
        assertEquals(0, pipe.available());
    }

    @Test
    void read_appendsAtThePosition() throws Exception {
        writer.write(utf8("defgh"));
        ByteBuffer buffer = ByteBuffer.allocateDirect(6);
        buffer.put(utf8("abc"));
        assertEquals(5, pipe.available());
        assertEquals(3, pipe.read(buffer));
        assertEquals("abcdef", StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        assertEquals(2, pipe.available());
    }

    @Test
    void read_fullBuffer_isTheCallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> pipe.read(ByteBuffer.allocateDirect(0)));
    }

    @Test
    void read_lastWords_comeBeforeTheEnd() throws Exception {
        writer.write(utf8("last words"));
        writer.close();
        assertEquals("last words", readAll());
    }

    @Test
    void onReadable_endWithoutBytes_callsBack() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        pipe.onReadable(Runnable::run, called::countDown);
        writer.close();
        called.await();
        assertEquals(OutputPipe.END, pipe.read(ByteBuffer.allocateDirect(1)));
    }

    @Test
    void busyPipe_isWatchedNoMore_untilItIsAskedFor() throws Exception {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        writer.write(utf8("x".repeat(FifoPipe.BUSY_AFTER + 1)));
        awaitReadable();
        for (int i = 0; i < FifoPipe.BUSY_AFTER; i++) {
            assertTrue(pipe.watched());
            assertEquals(1, pipe.read(one.clear()));
        }
        assertFalse(pipe.watched());
        awaitReadable();
        assertTrue(pipe.watched());
        assertEquals(1, pipe.read(one.clear()));
        writer.close();
        awaitReadable();
        assertEquals(OutputPipe.END, pipe.read(one.clear()));
    }

    @Test
    void onReadable_isOneShot() throws Exception {
        writer.write(utf8("a"));
        awaitReadable();
        CountDownLatch again = new CountDownLatch(2);
        pipe.onReadable(Runnable::run, again::countDown); // nothing was read: it is told once more, but only once
        CountDownLatch settled = new CountDownLatch(1);
        loop.execute(settled::countDown);
        settled.await();
        writer.write(utf8("b"));
        CountDownLatch afterwards = new CountDownLatch(1);
        loop.execute(afterwards::countDown);
        afterwards.await();
        assertEquals(1, again.getCount());
    }

    @Test
    void read_anotherWriterLeft_isNotTheEnd() throws Exception {
        try (OutputStream descendant = new FileOutputStream(fifo.toFile())) {
            writer.write(utf8("parent "));
            writer.close();
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            assertEquals(7, pipe.read(buffer));
            assertEquals(OutputPipe.EMPTY, pipe.read(buffer));
            descendant.write(utf8("descendant"));
            assertEquals(10, pipe.read(buffer));
        }
        assertEquals(OutputPipe.END, pipe.read(ByteBuffer.allocateDirect(1)));
    }

    @Test
    void transferTo_movesIntoTheFileAtTheOffset_andStopsAtTheLimit() throws Exception {
        Path log = folder.resolve("log");
        Files.writeString(log, "0123456789");
        writer.write(utf8("abcdef"));
        try (LinuxLogFile file = LinuxLogFile.open(log)) {
            assertEquals(10, file.size());
            assertEquals(4, pipe.transferTo(file, 10, 4));
            assertEquals(2, pipe.transferTo(file, 14, 100));
            assertEquals(OutputPipe.EMPTY, pipe.transferTo(file, 16, 100));
            writer.close();
            assertEquals(OutputPipe.END, pipe.transferTo(file, 16, 100));
            assertEquals(16, file.size());
            file.sync();
        }
        assertEquals("0123456789abcdef", Files.readString(log));
    }

    @Test
    void transferTo_manyWritersAndPartialMoves_keepsEveryByteInOrder() throws Exception {
        long seed = 42;
        byte[] sent = new byte[3 << 20];
        new Random(seed).nextBytes(sent);
        Thread program = Thread.ofPlatform().start(() -> {
            try {
                writer.write(sent);
                writer.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Path log = folder.resolve("log");
        Random limits = new Random(seed + 1);
        try (LinuxLogFile file = LinuxLogFile.open(log)) {
            long offset = 0;
            while (true) {
                int moved = pipe.transferTo(file, offset, 1 + limits.nextInt(100_000));
                if (moved == OutputPipe.END) {
                    break;
                }
                offset += moved;
                if (moved == OutputPipe.EMPTY) {
                    awaitReadable();
                }
            }
        }
        program.join();
        assertArrayEquals(sent, Files.readAllBytes(log), "seed " + seed);
    }

    @Test
    void transferTo_deviceThatTakesNoSplice_isCopied() throws Exception {
        writer.write(utf8("gone"));
        try (LinuxLogFile nowhere = LinuxLogFile.open(Path.of("/dev/null"))) {
            assertEquals(4, pipe.transferTo(nowhere, 0, 100));
        }
    }

    @Test
    void transferTo_fullDisk_failsAndKeepsTheBytesInThePipe() throws Exception {
        writer.write(utf8("kept"));
        try (LinuxLogFile full = LinuxLogFile.open(Path.of("/dev/full"))) {
            NativeException e = assertThrows(NativeException.class, () -> pipe.transferTo(full, 0, 100));
            assertEquals(28, e.errno());
        }
        assertEquals(4, pipe.available());
        ByteBuffer buffer = ByteBuffer.allocateDirect(3);
        assertEquals(3, pipe.read(buffer));
        awaitReadable();
        try (LinuxLogFile log = LinuxLogFile.open(folder.resolve("log"))) {
            assertEquals(1, pipe.transferTo(log, 0, 100));
        }
        assertEquals(OutputPipe.EMPTY, pipe.read(buffer.clear()));
    }

    @Test
    void transferTo_fileSystemFillsUp_losesNothing() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString())
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0,
                "mounting a small file system needs root");
        byte[] sent = new byte[65_536];
        new Random(11).nextBytes(sent);
        try (LinuxLogFile taken = LinuxLogFile.open(small.resolve("taken"));
                LinuxLogFile log = LinuxLogFile.open(small.resolve("log"))) {
            taken.write(new byte[32_768], 0, 32_768, 0);
            writer.write(sent);
            long offset = 0;
            NativeException full = null;
            while (full == null) {
                try {
                    offset += pipe.transferTo(log, offset, 65_536);
                } catch (NativeException e) {
                    full = e;
                }
            }
            assertEquals(28, full.errno());
            assertEquals(sent.length, offset + pipe.available());
            Files.delete(small.resolve("taken"));
            while (offset < sent.length - 32_768) {
                offset += pipe.transferTo(log, offset, 4096);
            }
            assertArrayEquals(java.util.Arrays.copyOf(sent, (int) offset), Files.readAllBytes(small.resolve("log")));
        } finally {
            assertEquals(
                    0,
                    new ProcessBuilder("umount", "-l", small.toString()).start().waitFor());
        }
    }

    @Test
    void grow_withinTheBudget_grows_andBeyond_staysAsItIs() throws Exception {
        assertEquals(65_536, pipe.grow(1));
        assertEquals(1 << 20, pipe.grow(1 << 20));
        assertEquals(1 << 20, budget.used());
        FifoPipe other = new FifoPipe(TestLibC.fifo(folder.resolve("other")), false, loop, budget, () -> {});
        assertEquals(65_536, other.grow(1 << 20), "half of " + USER_LIMIT + " is the budget");
        assertEquals((1 << 20) + 65_536, budget.used());
        other.close();
        pipe.close();
        assertEquals(0, budget.used());
    }

    @Test
    void softLimit_isTheKernels() throws Exception {
        Process cat = new ProcessBuilder("cat", "/proc/sys/fs/pipe-user-pages-soft").start();
        String pages = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertEquals(Long.parseLong(pages) * LibC.sysconf(LibC.SC_PAGESIZE), LinuxPipes.softLimitBytes());
    }

    @Test
    void read_afterClose_fails() {
        pipe.close();
        NativeException e = assertThrows(NativeException.class, () -> pipe.read(ByteBuffer.allocateDirect(1)));
        assertEquals(Errno.EBADF, e.errno());
    }

    @Test
    void devNull_isAtItsEnd() throws Exception {
        int fd = LibC.open(NativeBuffer.cString("/dev/null"), LibC.O_RDONLY | LibC.O_NONBLOCK, 0);
        FifoPipe nothing = new FifoPipe(fd, false, loop, budget, () -> {});
        CountDownLatch called = new CountDownLatch(1);
        nothing.onReadable(Runnable::run, called::countDown);
        called.await();
        assertEquals(OutputPipe.END, nothing.read(ByteBuffer.allocateDirect(1)));
        assertEquals(0, nothing.available());
        try (LinuxLogFile log = LinuxLogFile.open(folder.resolve("log"))) {
            assertEquals(OutputPipe.END, nothing.transferTo(log, 0, 10));
        }
        nothing.close();
    }

    @Test
    void logFile_isPrivate_andSaysWhatFailed() throws Exception {
        Path log = folder.resolve("private");
        try (LinuxLogFile file = LinuxLogFile.open(log)) {
            byte[] large = new byte[200_000];
            new Random(7).nextBytes(large);
            file.write(large, 10, large.length - 10, 5);
            assertEquals(large.length - 5, file.size());
        }
        assertEquals(
                "rw-------", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
        NativeException e = assertThrows(NativeException.class, () -> LinuxLogFile.open(folder.resolve("no/such")));
        assertEquals("open", e.call());
        assertEquals(Errno.ENOENT, e.errno());
        assertTrue(e.detail().endsWith("no/such: no such file or directory"), e.detail());
    }
}
