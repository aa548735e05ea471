package dev.bunctl.os.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts the protocol's values behind each other, little-endian. Grows up to the largest packet and refuses beyond. */
final class WireWriter {
    private static final int INITIAL = 512;

    private ByteBuffer bytes = ByteBuffer.allocate(INITIAL).order(ByteOrder.LITTLE_ENDIAN);

    private ByteBuffer room(int count) throws NativeException {
        int needed = bytes.position() + count;
        if (needed < 0 || needed > GuardCodec.MAX_PACKET) {
            throw new NativeException(
                    "plan",
                    Errno.E2BIG,
                    "arguments and environment together take more than " + GuardCodec.MAX_PACKET + " bytes");
        }
        if (needed > bytes.capacity()) {
            int size = Math.min(GuardCodec.MAX_PACKET, Integer.highestOneBit(needed) << 1);
            bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        return bytes;
    }

    @CanIgnoreReturnValue
    WireWriter u16(int value) throws NativeException {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    @CanIgnoreReturnValue
    WireWriter u32(int value) throws NativeException {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    @CanIgnoreReturnValue
    WireWriter u64(long value) throws NativeException {
        room(Long.BYTES).putLong(value);
        return this;
    }

    @CanIgnoreReturnValue
    WireWriter raw(byte[] value) throws NativeException {
        room(value.length).put(value);
        return this;
    }

    @CanIgnoreReturnValue
    WireWriter string(String value) throws NativeException {
        byte[] encoded = text(value);
        return u32(encoded.length).raw(encoded);
    }

    @CanIgnoreReturnValue
    WireWriter key(ProcessKey key) throws NativeException {
        return string(key.instance()).u32(key.generation());
    }

    int size() {
        return bytes.position();
    }

    /** Overwrites what was written before, for lengths and counts known only afterwards. */
    @CanIgnoreReturnValue
    WireWriter patchU32(int position, int value) {
        bytes.putInt(position, value);
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** UTF-8 without NUL, which would end a C string early. */
    static byte[] text(String value) throws NativeException {
        if (value.indexOf('\0') >= 0) {
            throw new NativeException("plan", Errno.EINVAL, "a text that holds a NUL character cannot be passed on");
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
