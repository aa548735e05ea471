package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.linux.GuardChannel.Received;
import java.time.Duration;
import java.util.List;

/** The greeting: says hello and takes in the guard's table. Blocks, so it is done before the loop runs. */
final class GuardHandshake {
    /** How long the guard may be silent. It has nothing to do but to answer. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int POLL_SIZE = 8;

    private final GuardChannel channel;
    private final NativeBuffer poll = NativeBuffer.ofSize(POLL_SIZE);

    GuardHandshake(GuardChannel channel) {
        this.channel = channel;
    }

    /** Greets, and says what the guard answers. */
    GuardMessage.Welcome greet(String version) throws NativeException {
        channel.send(channel.nextSequence(), new GuardMessage.Hello(GuardMessage.PROTOCOL, version));
        while (true) {
            Received.Message received = next();
            if (received.packet().message() instanceof GuardMessage.Welcome welcome) {
                return accept(welcome);
            }
            passOver(received);
        }
    }

    /** Takes in one line of the table, and the descriptors that came with it. */
    interface Entries {
        void take(GuardMessage.Entry entry, List<Integer> descriptors) throws NativeException;
    }

    /** Takes in the table that follows the welcome. */
    void table(Entries entries) throws NativeException {
        while (true) {
            Received.Message received = next();
            switch (received.packet().message()) {
                case GuardMessage.Entry entry -> entries.take(entry, received.descriptors());
                case GuardMessage.TableEnd _ -> {
                    return;
                }
                case GuardMessage.FromGuard _ -> passOver(received);
            }
        }
    }

    /** What else comes was meant for the daemon before this one. */
    private void passOver(Received.Message received) throws NativeException {
        GuardChannel.closeAll(received.descriptors());
        switch (received.packet().message()) {
            case GuardMessage.Refused refused ->
                throw Errno.exception("hello", refused.errno(), "the guard refuses: " + refused.reason());
            case GuardMessage.Ping _ -> channel.send(0, new GuardMessage.Pong());
            case GuardMessage.FromGuard _ -> {
                // of no use to this daemon: the table says what is
            }
        }
    }

    private static GuardMessage.Welcome accept(GuardMessage.Welcome welcome) throws NativeException {
        if (welcome.protocol() != GuardMessage.PROTOCOL) {
            throw new NativeException(
                    "hello",
                    0,
                    "the guard speaks protocol " + welcome.protocol() + ", this daemon " + GuardMessage.PROTOCOL);
        }
        return welcome;
    }

    private Received.Message next() throws NativeException {
        while (true) {
            switch (channel.receive()) {
                case Received.Message message -> {
                    return message;
                }
                case Received.Malformed _ -> {
                    // said in the log; the table may still be whole
                }
                case Received.Nothing _ -> await();
                case Received.Closed _ ->
                    throw new NativeException("hello", Errno.ECONNRESET, "the guard closed its socket");
            }
        }
    }

    private void await() throws NativeException {
        poll.bytes().putInt(0, channel.descriptor()).putShort(4, (short) LibC.POLLIN);
        int ready = LibC.poll(poll.address(), 1, (int) PATIENCE.toMillis());
        if (ready == 0) {
            throw new NativeException("hello", Errno.ETIMEDOUT, "the guard did not answer within " + PATIENCE);
        }
        if (ready < 0 && LibC.errno() != Errno.EINTR) {
            throw Errno.exception("poll", LibC.errno(), "control socket");
        }
    }
}
