package dev.bunctl.os.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.linux.GuardMessage.FromGuard;
import dev.bunctl.os.linux.GuardMessage.ToGuard;
import dev.bunctl.os.linux.WireReader.MalformedPacketException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other side of the protocol: a guard of no processes, in the test's hands. */
final class GuardSide implements AutoCloseable {
    /** A packet of the daemon taken apart. */
    record Packet(int sequence, ToGuard message) {}

    private static final int CONTROL_HEADER = 16;

    private final int fd;
    private final NativeBuffer buffer = NativeBuffer.ofSize(GuardCodec.MAX_PACKET);
    private boolean closed;

    GuardSide(int fd) {
        this.fd = fd;
    }

    static byte[] encode(int sequence, FromGuard message) throws NativeException {
        return switch (message) {
            case GuardMessage.Welcome m ->
                finish(
                        GuardCodec.WELCOME,
                        sequence,
                        out -> out.u32(m.protocol())
                                .u32(m.guardPid())
                                .string(m.bootId())
                                .u32(m.entries()));
            case GuardMessage.Entry m ->
                finish(GuardCodec.ENTRY, sequence, out -> {
                    identity(out.key(m.key()), m.identity())
                            .u64(m.startedAtMillis())
                            .u32(GuardCodec.STATES.indexOf(m.state()));
                    exit(out, m.exit()).string(m.stdoutSpill()).string(m.stderrSpill());
                });
            case GuardMessage.TableEnd _ -> finish(GuardCodec.TABLE_END, sequence, out -> {});
            case GuardMessage.Spawned m ->
                finish(GuardCodec.SPAWNED, sequence, out -> identity(out.key(m.key()), m.identity()));
            case GuardMessage.NotSpawned m ->
                finish(
                        GuardCodec.NOT_SPAWNED,
                        sequence,
                        out -> out.key(m.key()).u32(m.errno()).string(m.step()).string(m.detail()));
            case GuardMessage.Exited m ->
                finish(GuardCodec.EXITED, sequence, out -> exit(identity(out.key(m.key()), m.identity()), m.exit()));
            case GuardMessage.Refused m ->
                finish(GuardCodec.REFUSED, sequence, out -> out.u32(m.errno()).string(m.reason()));
            case GuardMessage.Ping _ -> finish(GuardCodec.PING, sequence, out -> {});
            case GuardMessage.Requested m -> finish(GuardCodec.REQUEST, sequence, out -> out.u32(m.what()));
            case GuardMessage.Upgraded m ->
                finish(
                        GuardCodec.UPGRADED,
                        sequence,
                        out -> out.u32(m.protocol()).u32(m.guardPid()));
        };
    }

    /** Writes a body. */
    private interface Body {
        void write(WireWriter out) throws NativeException;
    }

    private static byte[] finish(int type, int sequence, Body body) throws NativeException {
        WireWriter out = GuardCodec.header(type, sequence);
        body.write(out);
        return GuardCodec.finish(out);
    }

    @CanIgnoreReturnValue
    private static WireWriter identity(WireWriter out, ProcessIdentity identity) throws NativeException {
        return out.u32((int) identity.pid()).u64(identity.startTime());
    }

    @CanIgnoreReturnValue
    private static WireWriter exit(WireWriter out, ExitRecord exit) throws NativeException {
        return out.u32(exit.how())
                .u32(exit.value())
                .u32(exit.dumpedCore() ? 1 : 0)
                .u64(exit.at())
                .u64(exit.userMicros())
                .u64(exit.systemMicros())
                .u64(exit.peakBytes());
    }

    static Packet decode(ByteBuffer bytes) throws MalformedPacketException {
        WireReader in = new WireReader(bytes);
        int type = in.u16();
        int version = in.u16();
        int sequence = in.u32();
        int length = in.u32();
        int zero = in.u32();
        if (version != GuardCodec.VERSION || length != in.remaining() || zero != 0) {
            throw new MalformedPacketException("header");
        }
        ToGuard message = switch (type) {
            case GuardCodec.HELLO -> new GuardMessage.Hello(in.u32(), in.string());
            case GuardCodec.SPAWN -> new GuardMessage.Spawn(in.key(), in.raw(in.remaining()));
            case GuardCodec.SIGNAL -> new GuardMessage.SendSignal(in.key(), in.u32(), in.u32());
            case GuardCodec.FORGET -> new GuardMessage.Forget(in.key());
            case GuardCodec.READY -> new GuardMessage.Ready();
            case GuardCodec.FINISHED -> new GuardMessage.Finished();
            case GuardCodec.ADOPT -> new GuardMessage.Adopt(in.key(), new ProcessIdentity(in.u32(), in.u64()));
            case GuardCodec.PONG -> new GuardMessage.Pong();
            case GuardCodec.SPILL_TAKEN -> new GuardMessage.SpillTaken(in.key());
            case GuardCodec.UPGRADE -> new GuardMessage.Upgrade(in.string());
            default -> throw new MalformedPacketException("type " + type);
        };
        in.end();
        return new Packet(sequence, message);
    }

    /** Waits for the daemon's next packet; null when it has closed. */
    @Nullable
    Packet receive() throws Exception {
        NativeBuffer header = header(0);
        long count = LibC.check(LibC.recvmsg(fd, header.address(), 0), "recvmsg", "");
        return count == 0 ? null : decode(buffer.bytes().slice(0, (int) count));
    }

    void send(int sequence, FromGuard message, int... descriptors) throws NativeException {
        sendRaw(encode(sequence, message), descriptors);
    }

    void sendRaw(byte[] packet, int... descriptors) throws NativeException {
        buffer.bytes().put(0, packet);
        int controlLength = CONTROL_HEADER + descriptors.length * Integer.BYTES;
        NativeBuffer control = NativeBuffer.ofSize(CONTROL_HEADER + (descriptors.length + 1) * Integer.BYTES);
        control.bytes().putLong(0, controlLength).putInt(8, LibC.SOL_SOCKET).putInt(12, LibC.SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            control.bytes().putInt(CONTROL_HEADER + i * Integer.BYTES, descriptors[i]);
        }
        NativeBuffer header = header(packet.length);
        if (descriptors.length > 0) {
            header.bytes().putLong(32, control.address()).putLong(40, (controlLength + 7) & ~7);
        }
        LibC.check(TestLibC.sendmsg(fd, header.address(), LibC.MSG_NOSIGNAL), "sendmsg", "");
        GuardChannel.closeAll(java.util.Arrays.stream(descriptors).boxed().toList());
    }

    private NativeBuffer vector = NativeBuffer.ofSize(2 * Long.BYTES);

    private NativeBuffer header(int length) {
        vector = NativeBuffer.ofSize(2 * Long.BYTES);
        vector.bytes().putLong(0, buffer.address()).putLong(8, length == 0 ? GuardCodec.MAX_PACKET : length);
        NativeBuffer header = NativeBuffer.ofSize(56);
        header.bytes().putLong(16, vector.address()).putLong(24, 1);
        return header;
    }

    /** Answers the greeting with this table; descriptors are two for each entry. */
    void welcome(List<GuardMessage.Entry> entries, List<int[]> descriptors) throws Exception {
        Packet hello = receive();
        int sequence = hello == null ? 0 : hello.sequence();
        send(sequence, new GuardMessage.Welcome(1, 1, "boot", entries.size()));
        for (int i = 0; i < entries.size(); i++) {
            send(sequence, entries.get(i), descriptors.get(i));
        }
        send(sequence, new GuardMessage.TableEnd());
    }

    static ProcessIdentity pretended(ProcessKey key) {
        return new ProcessIdentity(Integer.MAX_VALUE, key.generation());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            var _ = LibC.close(fd);
        }
    }
}
