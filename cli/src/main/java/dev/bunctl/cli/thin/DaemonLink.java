package dev.bunctl.cli.thin;

import dev.bunctl.bridge.wire.FrameChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The way to a daemon: here that of this home. */
public class DaemonLink {
    /** Longest path of a Unix socket, see unix(7). */
    private static final int MAX_SOCKET_PATH = 107;

    /**
     * Connects to the daemon.
     *
     * @return null when none runs
     * @throws IOException when it cannot be reached, or does not let the caller in
     */
    public @Nullable FrameChannel connect() throws IOException {
        return connect(Caller.socket());
    }

    /** Whether the daemon is that of this home, so that its end can be seen from here. */
    protected boolean isOfThisHome() {
        return true;
    }

    /** Where the daemon says why it ended. */
    public String log() {
        return Caller.home().concat("/daemon.log");
    }

    /**
     * Connects to the home's socket. While a daemon boots the connection waits in the guard's backlog.
     *
     * @return null when nobody listens there
     * @throws IOException when the path can be no socket's
     */
    public static @Nullable FrameChannel connect(String path) throws IOException {
        FrameChannel inherited = InheritedLink.take();
        return inherited == null ? opened(path) : inherited;
    }

    private static @Nullable FrameChannel opened(String path) throws IOException {
        if (path.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
            throw new IOException("the home's path is too long for a socket: ".concat(path));
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            boolean _ = channel.connect(UnixDomainSocketAddress.of(path));
            return new FrameChannel(channel);
        } catch (IOException nobody) {
            // No socket file, or one left behind by a guard that was killed: either way nobody is there.
            channel.close();
            return null;
        }
    }
}
