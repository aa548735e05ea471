package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.NotifySocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * A datagram socket that waits for {@code READY=1} of one user. All else that sd_notify(3) knows is read and thrown away,
 * and descriptors that come with it are closed: that is what sd_notify_barrier(3) waits for.
 */
final class LinuxNotifySocket implements NotifySocket {
    /** Longer messages are passed over, as systemd does. */
    static final int MAX_MESSAGE = 4096;

    /** Messages taken at one waking; a program that floods its socket must not keep the loop from all others. */
    static final int MAX_AT_ONCE = 16;

    /** The longest path that struct sockaddr_un holds with its NUL. */
    static final int MAX_PATH = 107;

    private static final System.Logger LOG = System.getLogger(LinuxNotifySocket.class.getName());
    private static final int CONTROL_SIZE = 1280; // 253 descriptors (SCM_MAX_FD) and the sender
    private static final int ROOT = 0;
    private static final String READY = "READY=1";

    private final NativeLoop loop;
    private final Path path;
    private final int user;
    private final Runnable ready;
    private final int fd;
    private final ReceivedMessage message = new ReceivedMessage(MAX_MESSAGE, CONTROL_SIZE);
    private long token;
    private boolean told;
    private boolean closed;

    private LinuxNotifySocket(NativeLoop loop, Path path, int user, int fd, Runnable ready) {
        this.loop = loop;
        this.path = path;
        this.user = user;
        this.fd = fd;
        this.ready = ready;
    }

    /**
     * Makes the socket. What lies at its path is replaced.
     *
     * @param ready called once, on the loop's thread
     */
    static LinuxNotifySocket open(NativeLoop loop, Path path, int user, Runnable ready) throws NativeException {
        byte[] address = address(path);
        int type = LibC.SOCK_DGRAM | LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int fd = (int) LibC.check(LibC.socket(LibC.AF_UNIX, type, 0), "socket", path);
        LinuxNotifySocket socket = new LinuxNotifySocket(loop, path, user, fd, ready);
        try {
            NativeBuffer one = NativeBuffer.ofSize(Integer.BYTES);
            one.bytes().putInt(0, 1);
            LibC.check(
                    LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_PASSCRED, one.address(), Integer.BYTES),
                    "setsockopt",
                    path);
            boolean _ = Files.deleteIfExists(path);
            LibC.check(LibC.bind(fd, address, address.length), "bind", path);
            giveTo(path, user);
            socket.token = loop.add(fd, LibC.EPOLLIN, _ -> socket.read());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new NativeException("bind", 0, path + ": " + e);
        } catch (NativeException e) {
            socket.close();
            throw e;
        }
    }

    static byte[] address(Path path) throws NativeException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_PATH) {
            throw Errno.exception("bind", 36, path + " is longer than " + MAX_PATH + " bytes");
        }
        ByteBuffer address = ByteBuffer.allocate(Short.BYTES + name.length + 1).order(ByteOrder.nativeOrder());
        return address.putShort((short) LibC.AF_UNIX).put(name).array();
    }

    private static void giveTo(Path path, int user) throws IOException {
        Path _ = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        if (user != LibC.geteuid()) {
            Path _ = Files.setAttribute(path, "unix:uid", user);
        }
    }

    /** INVARIANT: never after the close, when the descriptor may be another's. */
    private synchronized void read() {
        for (int i = 0; i < MAX_AT_ONCE && !closed; i++) {
            long count = message.receive(fd);
            if (count < 0) {
                return;
            }
            GuardChannel.closeAll(message.descriptors());
            if (!told && isReady((int) count)) {
                told = true;
                ready.run();
            }
        }
    }

    private boolean isReady(int length) {
        int sender = message.sender().orElse(-1);
        if (sender != user && sender != ROOT) {
            LOG.log(System.Logger.Level.WARNING, "{0}: user {1} is not who runs there", path, sender);
            return false;
        }
        String text = StandardCharsets.UTF_8.decode(message.data(length)).toString();
        return !message.isCut() && Arrays.asList(text.split("\n")).contains(READY);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            loop.remove(fd, token);
            boolean _ = Files.deleteIfExists(path);
        } catch (NativeException | IOException e) {
            LOG.log(System.Logger.Level.DEBUG, path + " was not taken away", e);
        }
        var _ = LibC.close(fd);
    }
}
