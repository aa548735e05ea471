package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.FrameChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that can be wrong from outside gets a clear error and a documented exit code, and changes nothing. */
class BadInputIT {
    private static final int TEN_MEBIBYTES = 10 << 20;

    private static Bunctl bunctl;

    @BeforeAll
    static void startOneApp() {
        bunctl = new Bunctl();
        bunctl.run("start", "good", "--command", "sleep 1000").succeeded();
    }

    @AfterAll
    static void end() {
        bunctl.close();
    }

    @Test
    void unknownApp_isRefusedByEveryCommand() {
        for (String command : List.of("stop", "restart", "delete", "describe", "logs", "reset")) {
            refused(4, "nosuch", command, "nosuch");
        }
        refused(4, "99", "stop", "99");
    }

    @Test
    void nothingToStart_isRefused() {
        refused(5, "bunctl.json", "start");
        config("{\"apps\":[]}");
        refused(3, "at least one app", "start", "--config", "bad.json");
    }

    @Test
    void emptyList_isNoError() {
        try (Bunctl empty = new Bunctl()) {
            empty.run("start", "a", "--command", "sleep 1000").succeeded();
            empty.run("delete", "all").succeeded();
            assertEquals(List.of(), empty.status());
            empty.run("list").succeeded();
            empty.run("stop", "all").succeeded();
        }
    }

    @Test
    void missingFiles_areNamed() {
        refused(5, "missing.ts", "start", "missing.ts");
        refused(5, "missing.json", "start", "--config", "missing.json");
        refused(5, "no-such-program", "start", "x", "--command", "no-such-program --flag");
        config("{\"apps\":[{\"name\":\"x\",\"command\":\"sleep 1\",\"cwd\":\"/nonexistent\"}]}");
        refused(5, "/nonexistent", "start", "--config", "bad.json");
    }

    @Test
    void badJson_isNamedByLineAndColumn() {
        config("{\"apps\": [\n  {\"name\" \"x\"}\n]}");
        Bunctl.Result result = refused(3, "bad.json", "start", "--config", "bad.json");
        assertTrue(result.err().contains(":2:"), result.err());
    }

    @Test
    void unknownField_getsASuggestion() {
        config("{\"apps\": [{\"name\": \"x\", \"command\": \"sleep 1\", \"restart_polcy\": \"always\"}]}");
        Bunctl.Result result = refused(3, "restart_polcy", "start", "--config", "bad.json");
        assertTrue(result.err().contains("restart_policy"), result.err());
    }

    @Test
    void badNames_areRefused() {
        for (String name : List.of("a/b", "..", "a..b", "all", "-x", "a\\u0000b", "")) {
            config("{\"apps\": [{\"name\": \"" + name + "\", \"command\": \"sleep 1\"}]}");
            refused(3, "name", "start", "--config", "bad.json");
        }
        refused(3, "a/b", "start", "--command", "sleep 1", "--name", "a/b");
    }

    @Test
    void badWords_areUsageErrors() {
        refused(2, "--nope", "stop", "good", "--nope");
        refused(2, "stop", "stop");
        refused(2, "lines", "logs", "--lines", "many");
        refused(2, "frobnicate", "frobnicate");
    }

    @Test
    void frameOverTheLimit_isAnsweredWithAnError() throws IOException {
        try (SocketChannel channel = connect()) {
            ByteBuffer frame =
                    ByteBuffer.allocate(4 + TEN_MEBIBYTES).putInt(TEN_MEBIBYTES).rewind();
            Thread writer = Thread.ofVirtual().start(() -> writeAll(channel, frame));
            Map<String, Object> answer = new FrameChannel(channel).receive();
            assertEquals("err", answer.get("type"), answer.toString());
            writer.interrupt();
        }
        unchanged();
    }

    @Test
    void unknownFrame_isAnsweredAndTheConnectionStaysUsable() throws IOException {
        try (SocketChannel channel = connect()) {
            FrameChannel frames = new FrameChannel(channel);
            frames.send(Map.of("type", "nonsense"));
            assertEquals("err", frames.receive().get("type"));
            frames.send(Map.of("type", "ping"));
            assertEquals("pong", frames.receive().get("type"));
        }
        unchanged();
    }

    @Test
    void halfAFrame_isForgottenWithItsConnection() throws IOException {
        for (int n = 0; n < 20; n++) {
            try (SocketChannel channel = connect()) {
                writeAll(channel, ByteBuffer.wrap(new byte[] {0, 0, 1, 0, '{', '"'}));
            }
        }
        unchanged();
    }

    @com.google.errorprone.annotations.CanIgnoreReturnValue
    private static Bunctl.Result refused(int exit, String named, String... words) {
        Bunctl.Result result = bunctl.run(words).failedWith(exit);
        assertTrue(result.err().startsWith("bunctl: "), result.err());
        assertTrue(result.err().contains(named), result.err());
        assertEquals("", result.out());
        unchanged();
        return result;
    }

    private static void unchanged() {
        List<String> apps = new ArrayList<>();
        bunctl.status().forEach(app -> apps.add(app.get("name") + " " + app.get("state")));
        assertEquals(List.of("good online"), apps);
    }

    private static void config(String json) {
        bunctl.write("bad.json", json);
    }

    private static SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(bunctl.home().resolve("run/bunctl.sock")));
        return channel;
    }

    private static void writeAll(SocketChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException closed) {
            assertTrue(Files.exists(bunctl.home()));
        }
    }
}
