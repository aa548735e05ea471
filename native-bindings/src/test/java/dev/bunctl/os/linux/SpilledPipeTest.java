package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.fake.FakeLogFile;
import dev.bunctl.os.fake.FakePipe;
import dev.bunctl.os.fake.FullDisk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpilledPipeTest {
    @TempDir
    Path folder;

    private final FakePipe rest = new FakePipe();
    private final AtomicInteger taken = new AtomicInteger();
    private Path spill;

    @SuppressWarnings("NullAway.Init") // JUnit calls write first
    SpilledPipeTest() {}

    @BeforeEach
    void write() throws Exception {
        spill = folder.resolve("a.spill");
        Files.writeString(spill, "spilled ");
    }

    private SpilledPipe pipe() {
        return new SpilledPipe(spill, rest, taken::incrementAndGet);
    }

    @Test
    void read_spillComesFirst_andIsGivenBackWhenAllWasRead() throws Exception {
        rest.write("piped");
        rest.hangUp();
        SpilledPipe pipe = pipe();
        AtomicInteger called = new AtomicInteger();
        pipe.onReadable(Runnable::run, called::incrementAndGet);
        assertEquals(1, called.get());
        assertEquals(8, pipe.available());
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        assertEquals(8, pipe.read(buffer));
        assertEquals(0, taken.get());
        assertEquals(5, pipe.read(buffer));
        assertEquals(1, taken.get());
        assertEquals(OutputPipe.END, pipe.read(buffer));
        assertEquals(
                "spilled piped", StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        assertEquals(1, taken.get());
    }

    @Test
    void transferTo_movesBothInOrder() throws Exception {
        rest.write("piped");
        rest.hangUp();
        Path log = folder.resolve("log");
        try (FakeLogFile file = FakeLogFile.open(log);
                SpilledPipe pipe = pipe()) {
            long offset = 0;
            for (int moved = 0; moved != OutputPipe.END; offset += Math.max(0, moved)) {
                moved = pipe.transferTo(file, offset, 3);
            }
        }
        assertEquals("spilled piped", Files.readString(log));
        assertEquals(1, taken.get());
    }

    @Test
    void fullDisk_takesAllOfItOrNothing() throws Exception {
        rest.write("piped");
        Path log = folder.resolve("log");
        FullDisk disk = new FullDisk();
        try (LogFile file = disk.over(FakeLogFile.open(log))) {
            disk.fillAfter(3);
            SpilledPipe killed = pipe();
            assertThrows(NativeException.class, () -> killed.transferTo(file, 0, 100));
            assertEquals(8, killed.kept());
            assertEquals("", Files.readString(log));
            disk.free();
            SpilledPipe next = pipe();
            assertEquals(8, next.transferTo(file, 0, 100));
            assertEquals(5, next.transferTo(file, 8, 100));
        }
        assertEquals("spilled piped", Files.readString(log));
    }

    @Test
    void whatIsKept_isToldFromThePipe() throws Exception {
        rest.write("piped");
        SpilledPipe pipe = pipe();
        assertEquals(8, pipe.kept());
        assertEquals(5, pipe.live().available());
        assertEquals(8, pipe.read(ByteBuffer.allocateDirect(100)));
        assertEquals(0, pipe.kept());
        assertEquals(1, taken.get());
    }

    @Test
    void missingSpill_isPassedOver() throws Exception {
        Files.delete(spill);
        rest.write("piped");
        assertEquals(5, pipe().read(ByteBuffer.allocateDirect(100)));
    }
}
