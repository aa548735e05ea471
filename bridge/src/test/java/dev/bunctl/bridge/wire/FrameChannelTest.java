package dev.bunctl.bridge.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameChannelTest {
    /** Gives and takes a few bytes at a time. */
    private static final class Trickle implements ByteChannel {
        private final ByteBuffer incoming;
        private final int step;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        Trickle(byte[] incoming, int step) {
            this.incoming = ByteBuffer.wrap(incoming);
            this.step = step;
        }

        @Override
        public int read(ByteBuffer to) {
            if (!incoming.hasRemaining()) {
                return -1;
            }
            int count = Math.min(step, Math.min(to.remaining(), incoming.remaining()));
            for (int i = 0; i < count; i++) {
                to.put(incoming.get());
            }
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            int count = Math.min(step, from.remaining());
            for (int i = 0; i < count; i++) {
                written.write(from.get());
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static byte[] frame(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .array();
    }

    private static byte[] frames(String... jsons) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String json : jsons) {
            out.write(frame(json));
        }
        return out.toByteArray();
    }

    @Test
    void receive_framesInAnyPieces_cameWhole() throws Exception {
        String large = "{\"text\":\"" + "é".repeat(40_000) + "\"}";
        for (int step : new int[] {1, 3, 7, 4096, 1 << 20}) {
            try (FrameChannel channel =
                    new FrameChannel(new Trickle(frames("{\"a\":1}", large, "{}", "{\"b\":2}"), step))) {
                assertEquals(Map.of("a", 1L), channel.receive());
                assertEquals(Map.of("text", "é".repeat(40_000)), channel.receive());
                assertEquals(Map.of(), channel.receive());
                assertEquals(Map.of("b", 2L), channel.receive());
                assertNull(channel.receive());
            }
        }
    }

    @Test
    void receive_halfAFrame_isRefused() throws Exception {
        byte[] whole = frame("{\"a\":1}");
        for (int length = 1; length < whole.length; length++) {
            FrameChannel channel = new FrameChannel(new Trickle(java.util.Arrays.copyOf(whole, length), 64));
            assertThrows(WireException.class, channel::receive, "after " + length + " bytes");
        }
    }

    @Test
    void receive_lengthAtLimit_isReadAndOneMoreIsNot() throws Exception {
        String atLimit = "{\"a\":\"" + "x".repeat(100 - 8) + "\"}";
        try (FrameChannel channel = new FrameChannel(new Trickle(frame(atLimit), 64), 100)) {
            assertEquals(Map.of("a", "x".repeat(92)), channel.receive());
        }
        FrameChannel over = new FrameChannel(new Trickle(frame(atLimit + " "), 64), 100);
        assertThrows(WireException.class, over::receive);
        FrameChannel negative = new FrameChannel(new Trickle(new byte[] {-1, -1, -1, -1}, 64), 100);
        assertThrows(WireException.class, negative::receive);
    }

    @Test
    void send_severalFrames_areWrittenInOrderEvenWhenTheChannelIsSlow() throws Exception {
        Trickle slow = new Trickle(new byte[0], 3);
        try (FrameChannel channel = new FrameChannel(slow)) {
            channel.send(Map.of("a", 1), Map.of("b", "é"));
        }
        assertEquals(
                new String(frames("{\"a\":1}", "{\"b\":\"é\"}"), StandardCharsets.UTF_8),
                slow.written.toString(StandardCharsets.UTF_8));
    }

    @Test
    void send_overTheLimit_sendsNothing() {
        Trickle quiet = new Trickle(new byte[0], 64);
        FrameChannel channel = new FrameChannel(quiet, 8);
        assertThrows(WireException.class, () -> channel.send(Map.of("a", 1), Map.of("long", "value")));
        assertEquals(0, quiet.written.size());
    }
}
