package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Json;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged frames, torn anywhere: the same connection and a new one must work afterwards. */
class FrameFuzzTest {
    private static final int FRAMES_A_ROUND = 40;

    @TempDir
    Path folder;

    @Test
    void damagedFrames_leaveTheServerUsable() throws Exception {
        rounds(1, 40);
    }

    @Test
    @Tag("fuzz")
    void damagedFrames_leaveTheServerUsable_atLength() throws Exception {
        rounds(System.nanoTime(), 5000);
    }

    private void rounds(long firstSeed, int count) throws Exception {
        try (BridgeFixture bridge = new BridgeFixture(folder)) {
            for (long seed = firstSeed; seed < firstSeed + count; seed++) {
                try {
                    round(bridge, new Random(seed));
                } catch (Exception | AssertionError failure) {
                    throw new AssertionError("seed " + seed, failure);
                }
            }
        }
    }

    private static void round(BridgeFixture bridge, Random random) throws Exception {
        SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(bridge.path));
        try (FrameChannel client = new FrameChannel(raw)) {
            for (int i = 0; i < FRAMES_A_ROUND; i++) {
                byte[] body = damaged(random);
                ByteBuffer frame = ByteBuffer.allocate(4 + body.length)
                        .putInt(body.length)
                        .put(body)
                        .flip();
                while (frame.hasRemaining()) {
                    int piece = Math.min(frame.remaining(), 1 + random.nextInt(50));
                    raw.write(frame.slice(frame.position(), piece));
                    frame.position(frame.position() + piece);
                }
            }
            client.send(Map.of("type", "send", "address", BridgeFixture.ECHO, "replyAddress", "end", "body", "end"));
            for (Map<String, ?> frame = client.receive(); ; frame = client.receive()) {
                if (frame == null) {
                    throw new AssertionError("the connection was closed");
                }
                if ("end".equals(frame.get("address"))) {
                    break;
                }
            }
        }
        try (FrameChannel fresh = bridge.connect()) {
            BridgeFixture.assertUsable(fresh);
        }
    }

    private static byte[] damaged(Random random) {
        List<String> types = List.of("send", "publish", "register", "unregister", "ping", "message", "err", "", "pong");
        List<Object> addresses = new ArrayList<>(List.of(
                BridgeFixture.ECHO,
                BridgeFixture.FAIL,
                BridgeFixture.NEWS,
                "test.nobody",
                "bunctl.internal.control",
                7));
        byte[] good = Json.writeBytes(Map.of(
                "type",
                types.get(random.nextInt(types.size())),
                "address",
                addresses.get(random.nextInt(addresses.size())),
                "replyAddress",
                random.nextBoolean() ? "r" : random.nextInt(),
                "headers",
                random.nextBoolean() ? Map.of("timeout", random.nextInt()) : List.of("x"),
                "body",
                Map.of("x", List.of(random.nextLong(), "é"))));
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            good[random.nextInt(good.length)] = (byte) random.nextInt();
        }
        return random.nextInt(10) == 0 ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good;
    }
}
