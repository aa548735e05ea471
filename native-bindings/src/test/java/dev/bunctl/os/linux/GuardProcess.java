package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real guard without a daemon of its own: the test is the daemon. Closing it ends the guard, which ends everything it
 * started, and checks that it ended well.
 */
public final class GuardProcess implements AutoCloseable {
    private static final int ACTIONS_SIZE = 256;

    /** A guard has nothing to wait for when its daemon is gone. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Path home;
    private final int control;
    private final int pid;
    private boolean closed;

    private GuardProcess(Path home, int control, int pid) {
        this.home = home;
        this.control = control;
        this.pid = pid;
    }

    /** The guard that the build made, or the one that the property {@code bunctl.guard} names. */
    public static Path binary() {
        Path path = Path.of(System.getProperty("bunctl.guard", "target/native/bunctl-guard"))
                .toAbsolutePath();
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException("no guard at " + path + ": build native-bindings first");
        }
        return path;
    }

    /** Starts a guard for the home. ProcessBuilder closes descriptors, so posix_spawn(3) does it. */
    public static GuardProcess start(Path home) throws NativeException {
        TestLibC.Pair pair = TestLibC.Pair.open();
        NativeBuffer actions = NativeBuffer.ofSize(ACTIONS_SIZE);
        check(TestLibC.posix_spawn_file_actions_init(actions.address()), "posix_spawn_file_actions_init");
        // The same number twice takes close-on-exec off, in the child only.
        check(
                TestLibC.posix_spawn_file_actions_adddup2(actions.address(), pair.guard(), pair.guard()),
                "posix_spawn_file_actions_adddup2");
        Vector argv = new Vector(List.of(
                binary().toString(), "--home", home.toString(), "--control-fd", Integer.toString(pair.guard())));
        Vector environment = new Vector(List.of("PATH=" + System.getenv("PATH"), "LC_ALL=C.UTF-8"));
        NativeBuffer pid = NativeBuffer.ofSize(Integer.BYTES);
        int error = TestLibC.posix_spawn(
                pid.address(),
                NativeBuffer.cString(binary()),
                actions.address(),
                0,
                argv.address(),
                environment.address());
        check(TestLibC.posix_spawn_file_actions_destroy(actions.address()), "posix_spawn_file_actions_destroy");
        GuardChannel.closeAll(List.of(pair.guard()));
        check(error, "posix_spawn");
        return new GuardProcess(home, pair.daemon(), pid.bytes().getInt(0));
    }

    private static void check(int error, String call) throws NativeException {
        if (error != 0) {
            throw Errno.exception(call, error, "");
        }
    }

    /** A NULL-terminated array of C strings. */
    private static final class Vector {
        private final List<NativeBuffer> texts = new ArrayList<>();
        private final NativeBuffer pointers;

        Vector(List<String> values) {
            pointers = NativeBuffer.ofSize((values.size() + 1) * Long.BYTES);
            for (String value : values) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                NativeBuffer text = NativeBuffer.ofSize(bytes.length + 1);
                text.bytes().put(0, bytes);
                pointers.bytes().putLong(texts.size() * Long.BYTES, text.address());
                texts.add(text);
            }
        }

        long address() {
            return pointers.address();
        }
    }

    /** A daemon's platform on this guard. After its close another may be opened: the next daemon. */
    public LinuxPlatform open() throws NativeException {
        int copy = (int) LibC.check(LibC.dup(control), "dup", "control socket");
        return LinuxPlatform.open(copy, home);
    }

    /** The same on a host without cgroups. */
    LinuxPlatform openWithoutCgroups() throws NativeException {
        int copy = (int) LibC.check(LibC.dup(control), "dup", "control socket");
        return LinuxPlatform.open(copy, home, (_, _) -> new CgroupBase.Result.Missing("the test wants none"));
    }

    public int pid() {
        return pid;
    }

    /** Kills the guard as a crash would, and waits until it is gone. */
    public void crash() throws NativeException {
        LibC.check(LibC.kill(pid, 9), "kill", "guard");
        var _ = reap();
    }

    private int reap() throws NativeException {
        closed = true;
        GuardChannel.closeAll(List.of(control));
        int pidfd = (int) LibC.check(LibC.syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0), "pidfd_open", "guard");
        NativeBuffer poll = NativeBuffer.ofSize(Long.BYTES);
        poll.bytes().putInt(0, pidfd).putShort(4, (short) LibC.POLLIN);
        if (LibC.poll(poll.address(), 1, PATIENCE_MILLIS) == 0) {
            var _ = LibC.kill(pid, 9); // its wait status tells the test
        }
        GuardChannel.closeAll(List.of(pidfd));
        NativeBuffer status = NativeBuffer.ofSize(Integer.BYTES);
        LibC.check(TestLibC.waitpid(pid, status.address(), 0), "waitpid", "guard");
        return status.bytes().getInt(0);
    }

    @Override
    public void close() throws NativeException {
        if (!closed) {
            int status = reap();
            if (status != 0) {
                throw new IllegalStateException("the guard ended with wait status " + status);
            }
        }
    }
}
