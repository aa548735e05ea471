package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.NativeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LinuxNotifySocketTest {
    private static final int ROOT = 0;
    private static final int NOBODY = 65534;

    @TempDir
    private Path folder;

    private final Semaphore told = new Semaphore(0);
    private NativeLoop loop;

    @BeforeEach
    void begin() throws NativeException {
        loop = NativeLoop.open();
        loop.start();
    }

    @AfterEach
    void end() {
        loop.close();
    }

    private Path path() {
        return folder.resolve("n");
    }

    private LinuxNotifySocket open(int user) throws NativeException {
        return LinuxNotifySocket.open(loop, path(), user, told::release);
    }

    private int connected() throws NativeException {
        int type = LibC.SOCK_DGRAM | LibC.O_CLOEXEC;
        int fd = (int) LibC.check(LibC.socket(LibC.AF_UNIX, type, 0), "socket", "");
        byte[] address = LinuxNotifySocket.address(path());
        LibC.check(TestLibC.connect(fd, address, address.length), "connect", path());
        return fd;
    }

    private void say(String text) throws NativeException {
        say(text, -1);
    }

    /** @param descriptor to go with it, or -1 */
    private void say(String text, int descriptor) throws NativeException {
        int fd = connected();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        GuardSide side = new GuardSide(fd);
        if (descriptor < 0) {
            side.sendRaw(bytes);
        } else {
            side.sendRaw(bytes, descriptor);
        }
        var _ = LibC.close(fd);
    }

    /** What was sent before this has been read when it returns. */
    private void settle() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        loop.execute(() -> {
            twice.countDown();
            loop.execute(twice::countDown);
        });
        twice.await();
    }

    @Test
    void ready_isToldOnce_andTheRestIsReadAndThrownAway() throws Exception {
        try (LinuxNotifySocket _ = open(LibC.geteuid())) {
            say("STATUS=loading\nWATCHDOG=1");
            say("STOPPING=1");
            say("READY=0");
            say("NOTREADY=1");
            settle();
            assertEquals(0, told.availablePermits());
            say("STATUS=serving\nREADY=1\n");
            assertTrue(told.tryAcquire(60, TimeUnit.SECONDS));
            // More than the socket's queue holds: a program is never kept waiting.
            for (int i = 0; i < 1000; i++) {
                say("READY=1");
            }
            settle();
            assertEquals(0, told.availablePermits());
        }
        assertFalse(Files.exists(path()));
    }

    @Test
    void messageThatIsTooLong_isPassedOver() throws Exception {
        try (LinuxNotifySocket _ = open(LibC.geteuid())) {
            say("READY=1\nSTATUS=" + "x".repeat(LinuxNotifySocket.MAX_MESSAGE));
            settle();
            assertEquals(0, told.availablePermits());
            String most = "READY=1\nSTATUS=";
            say(most + "x".repeat(LinuxNotifySocket.MAX_MESSAGE - most.length()));
            assertTrue(told.tryAcquire(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void descriptorThatComesAlong_isClosed_soThatABarrierEnds() throws Exception {
        try (LinuxNotifySocket _ = open(LibC.geteuid())) {
            TestLibC.Pair pair = TestLibC.Pair.open();
            say("BARRIER=1", pair.guard());
            NativeBuffer one = NativeBuffer.ofSize(1);
            assertEquals(
                    0, LibC.read(pair.daemon(), one.address(), 1), "the end of a socket whose other end is closed");
            var _ = LibC.close(pair.daemon());
        }
    }

    @Test
    void anotherUser_isNotBelieved() throws Exception {
        int own = LibC.geteuid();
        int expected = own == ROOT ? own : own + 1;
        try (LinuxNotifySocket _ = open(expected)) {
            sayAs("READY=1", own == ROOT ? NOBODY : own);
            settle();
            assertEquals(0, told.availablePermits());
        }
    }

    /** Only root may speak for others. */
    private void sayAs(String text, int user) throws NativeException {
        int fd = connected();
        NativeBuffer data = NativeBuffer.ofSize(text.length());
        data.bytes().put(text.getBytes(StandardCharsets.UTF_8));
        NativeBuffer vector = NativeBuffer.ofSize(16);
        vector.bytes().putLong(0, data.address()).putLong(8, text.length());
        NativeBuffer control = NativeBuffer.ofSize(32);
        control.bytes().putLong(0, 28).putInt(8, LibC.SOL_SOCKET).putInt(12, LibC.SCM_CREDENTIALS);
        control.bytes()
                .putInt(16, (int) ProcessHandle.current().pid())
                .putInt(20, user)
                .putInt(24, user);
        NativeBuffer header = NativeBuffer.ofSize(56);
        header.bytes().putLong(16, vector.address()).putLong(24, 1);
        header.bytes().putLong(32, control.address()).putLong(40, 32);
        LibC.check(TestLibC.sendmsg(fd, header.address(), 0), "sendmsg", path());
        var _ = LibC.close(fd);
    }

    @Test
    void socket_belongsToWhoRunsThere_andToNobodyElse() throws Exception {
        Files.writeString(path(), "left by a daemon that was killed");
        try (LinuxNotifySocket _ = open(LibC.geteuid())) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
            assertEquals(LibC.geteuid(), Files.getAttribute(path(), "unix:uid"));
        }
    }

    @Test
    void pathThatIsTooLong_isRefusedInWords() {
        Path path = folder.resolve("x".repeat(LinuxNotifySocket.MAX_PATH));
        NativeException refused = assertThrows(
                NativeException.class, () -> LinuxNotifySocket.open(loop, path, LibC.geteuid(), told::release));
        assertTrue(refused.detail().contains("longer than 107 bytes"), refused.detail());
    }

    @Test
    void openAndClose_leavesNoDescriptor() throws Exception {
        long before = LinuxProcessesTest.descriptors();
        for (int i = 0; i < 200; i++) {
            open(LibC.geteuid()).close();
        }
        assertEquals(before, LinuxProcessesTest.descriptors());
    }
}
