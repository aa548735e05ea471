package dev.bunctl.os.linux;

import dev.bunctl.os.api.ProcessKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Takes the protocol's values off a packet. Whatever is short, long or not allowed is refused, never guessed. */
final class WireReader {
    /** A packet that is not what the protocol says. */
    static final class MalformedPacketException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedPacketException(String message) {
            super(message);
        }
    }

    private final ByteBuffer bytes;

    WireReader(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer having(int count) throws MalformedPacketException {
        if (count < 0 || bytes.remaining() < count) {
            throw new MalformedPacketException(count + " bytes expected, " + bytes.remaining() + " left");
        }
        return bytes;
    }

    int u16() throws MalformedPacketException {
        return Short.toUnsignedInt(having(Short.BYTES).getShort());
    }

    int u32() throws MalformedPacketException {
        return having(Integer.BYTES).getInt();
    }

    long u64() throws MalformedPacketException {
        return having(Long.BYTES).getLong();
    }

    byte[] raw(int length) throws MalformedPacketException {
        ByteBuffer source = having(length);
        byte[] value = new byte[length];
        source.get(value);
        return value;
    }

    String string() throws MalformedPacketException {
        return text(raw(u32()));
    }

    static String text(byte[] encoded) throws MalformedPacketException {
        for (byte each : encoded) {
            if (each == 0) {
                throw new MalformedPacketException("a string holds a NUL");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(encoded))
                    .toString();
        } catch (CharacterCodingException e) {
            // Steps, paths and names: what is not UTF-8 can only be shown, so its bytes are shown one by one.
            return new String(encoded, StandardCharsets.ISO_8859_1);
        }
    }

    ProcessKey key() throws MalformedPacketException {
        String instance = string();
        int generation = u32();
        try {
            return new ProcessKey(instance, generation);
        } catch (IllegalArgumentException e) {
            throw new MalformedPacketException("not a key: " + e.getMessage());
        }
    }

    int remaining() {
        return bytes.remaining();
    }

    void end() throws MalformedPacketException {
        if (bytes.hasRemaining()) {
            throw new MalformedPacketException(bytes.remaining() + " bytes too many");
        }
    }
}
