package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.linux.GuardMessage.FromGuard;
import dev.bunctl.os.linux.GuardMessage.ToGuard;
import dev.bunctl.os.linux.WireReader.MalformedPacketException;
import java.nio.ByteBuffer;
import java.util.List;

/** Messages to bytes and back. Pure; the golden file of the tests fixes every byte. */
final class GuardCodec {
    /** Largest packet, header included. */
    static final int MAX_PACKET = 262_144;

    static final int HEADER_SIZE = 16;
    static final int VERSION = 1;
    private static final int LENGTH_POSITION = 8;

    static final List<GuardMessage.EntryState> STATES = List.of(GuardMessage.EntryState.values());

    static final int HELLO = 1;
    static final int SPAWN = 2;
    static final int SIGNAL = 3;
    static final int FORGET = 4;
    static final int READY = 5;
    static final int FINISHED = 6;
    static final int ADOPT = 7;
    static final int PONG = 8;
    static final int SPILL_TAKEN = 9;
    static final int UPGRADE = 10;

    static final int WELCOME = 101;
    static final int ENTRY = 102;
    static final int TABLE_END = 103;
    static final int SPAWNED = 104;
    static final int NOT_SPAWNED = 105;
    static final int EXITED = 106;
    static final int REFUSED = 107;
    static final int PING = 108;
    static final int REQUEST = 109;
    static final int UPGRADED = 110;

    private GuardCodec() {}

    /** A packet taken apart. */
    record Packet(int sequence, FromGuard message) {}

    /** Encodes; fails with step {@code plan} when the message does not fit into a packet. */
    static byte[] encode(int sequence, ToGuard message) throws NativeException {
        WireWriter out = header(type(message), sequence);
        switch (message) {
            case GuardMessage.Hello hello -> out.u32(hello.protocol()).string(hello.daemonVersion());
            case GuardMessage.Spawn spawn -> out.key(spawn.key()).raw(spawn.plan());
            case GuardMessage.SendSignal send ->
                out.key(send.key()).u32(send.signal()).u32(send.scope());
            case GuardMessage.Forget forget -> out.key(forget.key());
            case GuardMessage.Adopt adopt ->
                out.key(adopt.key())
                        .u32((int) adopt.identity().pid())
                        .u64(adopt.identity().startTime());
            case GuardMessage.SpillTaken taken -> out.key(taken.key());
            case GuardMessage.Upgrade upgrade -> out.string(upgrade.program());
            case GuardMessage.Ready _, GuardMessage.Finished _, GuardMessage.Pong _ -> {
                // nothing but the header
            }
        }
        return finish(out);
    }

    static WireWriter header(int type, int sequence) throws NativeException {
        return new WireWriter().u16(type).u16(VERSION).u32(sequence).u32(0).u32(0);
    }

    static byte[] finish(WireWriter out) {
        return out.patchU32(LENGTH_POSITION, out.size() - HEADER_SIZE).toBytes();
    }

    private static int type(ToGuard message) {
        return switch (message) {
            case GuardMessage.Hello _ -> HELLO;
            case GuardMessage.Spawn _ -> SPAWN;
            case GuardMessage.SendSignal _ -> SIGNAL;
            case GuardMessage.Forget _ -> FORGET;
            case GuardMessage.Ready _ -> READY;
            case GuardMessage.Finished _ -> FINISHED;
            case GuardMessage.Adopt _ -> ADOPT;
            case GuardMessage.Pong _ -> PONG;
            case GuardMessage.SpillTaken _ -> SPILL_TAKEN;
            case GuardMessage.Upgrade _ -> UPGRADE;
        };
    }

    /** Decodes; fails when the bytes are not a message of the guard, which then is to be passed over. */
    static Packet decode(ByteBuffer packet) throws MalformedPacketException {
        WireReader in = new WireReader(packet);
        int type = in.u16();
        int version = in.u16();
        int sequence = in.u32();
        int length = in.u32();
        int zero = in.u32();
        if (version != VERSION || zero != 0 || length != in.remaining()) {
            throw new MalformedPacketException("header of version " + version + ", length " + length + " with "
                    + in.remaining() + " bytes of body");
        }
        FromGuard message = body(type, in);
        in.end();
        return new Packet(sequence, message);
    }

    private static FromGuard body(int type, WireReader in) throws MalformedPacketException {
        return switch (type) {
            case WELCOME -> new GuardMessage.Welcome(in.u32(), in.u32(), in.string(), in.u32());
            case ENTRY ->
                new GuardMessage.Entry(
                        in.key(), identity(in), in.u64(), state(in), exitRecord(in), in.string(), in.string());
            case TABLE_END -> new GuardMessage.TableEnd();
            case SPAWNED -> new GuardMessage.Spawned(in.key(), identity(in));
            case NOT_SPAWNED -> new GuardMessage.NotSpawned(in.key(), in.u32(), in.string(), in.string());
            case EXITED -> new GuardMessage.Exited(in.key(), identity(in), exitRecord(in));
            case REFUSED -> new GuardMessage.Refused(in.u32(), in.string());
            case PING -> new GuardMessage.Ping();
            case REQUEST -> new GuardMessage.Requested(in.u32());
            case UPGRADED -> new GuardMessage.Upgraded(in.u32(), in.u32());
            default -> throw new MalformedPacketException("unknown message type " + type);
        };
    }

    private static ProcessIdentity identity(WireReader in) throws MalformedPacketException {
        return new ProcessIdentity(in.u32(), in.u64());
    }

    private static GuardMessage.EntryState state(WireReader in) throws MalformedPacketException {
        int value = in.u32();
        if (value < 0 || value >= STATES.size()) {
            throw new MalformedPacketException("the state " + value);
        }
        return STATES.get(value);
    }

    private static boolean flag(WireReader in) throws MalformedPacketException {
        int value = in.u32();
        if (value < 0 || value > 1) {
            throw new MalformedPacketException("0 or 1 expected, not " + value);
        }
        return value == 1;
    }

    private static ExitRecord exitRecord(WireReader in) throws MalformedPacketException {
        int how = in.u32();
        if (how < ExitRecord.CODE || how > ExitRecord.UNKNOWN) {
            throw new MalformedPacketException("an exit of kind " + how);
        }
        return new ExitRecord(how, in.u32(), flag(in), in.u64(), in.u64(), in.u64(), in.u64());
    }
}
