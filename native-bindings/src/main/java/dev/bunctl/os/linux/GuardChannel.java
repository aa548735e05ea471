package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.linux.GuardCodec.Packet;
import dev.bunctl.os.linux.GuardMessage.ToGuard;
import dev.bunctl.os.linux.WireReader.MalformedPacketException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The socket between daemon and guard: packets with descriptors. Sending never waits: what the socket does not take is
 * queued up to {@link #MAX_QUEUED_BYTES}. Sending may be done from any thread, receiving from one at a time.
 */
final class GuardChannel implements AutoCloseable {
    /** A guard that lets this much pile up is not reading any more. */
    static final int MAX_QUEUED_BYTES = 64 << 20;

    /** Most descriptors with one packet; SPAWNED has three. */
    static final int MAX_DESCRIPTORS = 3;

    private static final System.Logger LOG = System.getLogger(GuardChannel.class.getName());
    private static final int CONTROL_SIZE = 128;

    /** What came in. */
    sealed interface Received {
        /** A message; the receiver closes the descriptors that came with it, which are too few where this process has too many. */
        record Message(Packet packet, List<Integer> descriptors) implements Received {}

        /** A packet that was not understood and is to be passed over. */
        record Malformed() implements Received {}

        /** There is nothing now. */
        record Nothing() implements Received {}

        /** The guard has closed its end. */
        record Closed() implements Received {}
    }

    private final ReceivedMessage incoming = new ReceivedMessage(GuardCodec.MAX_PACKET, CONTROL_SIZE);
    private final NativeBuffer outgoing = NativeBuffer.ofSize(GuardCodec.MAX_PACKET);
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final int fd;
    private long queuedBytes;
    private int nextSequence = 1;
    private boolean lost;
    private Runnable onQueueChange = () -> {};

    private GuardChannel(int fd) {
        this.fd = fd;
    }

    /**
     * Takes over an inherited socket.
     *
     * @throws NativeException when it is no socket
     */
    static GuardChannel over(int fd) throws NativeException {
        LibC.check(LibC.fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC), "fcntl", "control socket " + fd);
        NativeBuffer size = NativeBuffer.ofSize(Integer.BYTES);
        size.bytes().putInt(0, GuardCodec.MAX_PACKET); // a packet must fit whole, and the default is smaller
        int set = LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_SNDBUF, size.address(), Integer.BYTES);
        LibC.check(set, "setsockopt", "control socket " + fd);
        return new GuardChannel(fd);
    }

    int descriptor() {
        return fd;
    }

    /** Called, with no lock to wait for, when the queue becomes empty or stops being it. */
    synchronized void onQueueChange(Runnable callback) {
        onQueueChange = callback;
    }

    synchronized int nextSequence() {
        return nextSequence++;
    }

    /** Whether packets wait for the socket. */
    synchronized boolean queued() {
        return !queue.isEmpty();
    }

    /**
     * Sends, or queues what the socket does not take now.
     *
     * @throws NativeException when the message does not fit into a packet, the queue is full or the guard is gone
     */
    void send(int sequence, ToGuard message) throws NativeException {
        byte[] packet = GuardCodec.encode(sequence, message);
        synchronized (this) {
            if (lost) {
                throw new NativeException("guard", Errno.ECHILD, "the guard is gone");
            }
            if (queue.isEmpty() && transmit(packet)) {
                return;
            }
            if (queuedBytes + packet.length > MAX_QUEUED_BYTES) {
                throw new NativeException("guard", Errno.EAGAIN, "the guard does not keep up: its queue is full");
            }
            queue.add(packet);
            queuedBytes += packet.length;
            if (queue.size() == 1) {
                onQueueChange.run();
            }
        }
    }

    /** Sends what was queued, as far as the socket takes it. */
    synchronized void flush() throws NativeException {
        for (byte[] packet = queue.peek(); packet != null && transmit(packet); packet = queue.peek()) {
            queue.remove();
            queuedBytes -= packet.length;
        }
        if (queue.isEmpty()) {
            onQueueChange.run();
        }
    }

    private boolean transmit(byte[] packet) throws NativeException {
        outgoing.bytes().put(0, packet);
        while (LibC.send(fd, outgoing.address(), packet.length, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) < 0) {
            int errno = LibC.errno();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            if (errno != Errno.EINTR) {
                throw Errno.exception("guard", errno, "a message to the guard");
            }
        }
        return true;
    }

    /** Takes one packet in without waiting. */
    Received receive() throws NativeException {
        long count = incoming.receive(fd);
        if (count < 0) {
            int errno = LibC.errno();
            if (errno == Errno.EAGAIN) {
                return new Received.Nothing();
            }
            if (errno == Errno.ECONNRESET) {
                return new Received.Closed();
            }
            throw Errno.exception("recvmsg", errno, "control socket");
        }
        return count == 0 ? new Received.Closed() : unpack((int) count);
    }

    private Received unpack(int length) {
        List<Integer> descriptors = incoming.descriptors();
        try {
            if (incoming.isCut()) {
                throw new MalformedPacketException("cut short: it is too long");
            }
            if (incoming.isShortOfDescriptors()) {
                LOG.log(System.Logger.Level.ERROR, "descriptors of the guard were lost: too many open files");
            }
            return new Received.Message(GuardCodec.decode(incoming.data(length)), descriptors);
        } catch (MalformedPacketException e) {
            LOG.log(System.Logger.Level.WARNING, "a message of the guard is passed over: {0}", e.getMessage());
            closeAll(descriptors);
            return new Received.Malformed();
        }
    }

    static void closeAll(List<Integer> descriptors) {
        for (int descriptor : descriptors) {
            var _ = LibC.close(descriptor); // nothing was written through it
        }
    }

    /** Nothing can be sent any more. */
    synchronized void markLost() {
        lost = true;
        queue.clear();
        queuedBytes = 0;
    }

    @Override
    public void close() {
        markLost();
        var _ = LibC.close(fd); // packets already sent stay with the guard
    }
}
