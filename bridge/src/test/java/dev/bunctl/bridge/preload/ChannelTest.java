package dev.bunctl.bridge.preload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bunctl.bridge.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** process.send and process.on("message") through the preload, in real engines. */
class ChannelTest {
    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("notify.sock");
    }

    private ServerSocketChannel listening() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path()));
    }

    private Map<String, String> environment() {
        return Map.of("BUNCTL_NOTIFY", path().toString());
    }

    private static BufferedReader reader(SocketChannel channel) {
        return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    private static void send(SocketChannel channel, String line) throws IOException {
        ByteBuffer out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private static void assertHello(BufferedReader in, ScriptProcess script, boolean ready) throws IOException {
        assertEquals(
                Map.of("type", "hello", "version", 1L, "pid", script.process.pid(), "ready", ready),
                Json.readObject(in.readLine()));
    }

    private static void assertMessage(BufferedReader in, Object data) throws IOException {
        assertEquals(Map.of("type", "message", "data", data), Json.readObject(in.readLine()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "node"})
    void ready_duringTopLevelAwait_arrives_andMessagesGoBothWays(String engine) throws Exception {
        try (ServerSocketChannel server = listening();
                ScriptProcess script = new ScriptProcess(engine, "channel.mjs", environment());
                SocketChannel channel = server.accept()) {
            BufferedReader in = reader(channel);
            assertEquals("hello", Json.readObject(in.readLine()).get("type"));
            assertMessage(in, "ready");
            send(channel, "{\"type\":\"message\",\"data\":{\"é\":1}}");
            assertMessage(in, Map.of("echo", Map.of("é", 1L)));
            send(channel, "{\"type\":\"message\",\"data\":\"shutdown\"}");
            assertMessage(in, Map.of("echo", "shutdown"));
            assertNull(in.readLine());
            assertEquals(0, script.awaitExit());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "node"})
    void connection_thatIsLost_isMadeAgain_andReadinessIsSaidAgain(String engine) throws Exception {
        try (ScriptProcess script = new ScriptProcess(engine, "channel.mjs", environment())) {
            try (ServerSocketChannel first = listening();
                    SocketChannel channel = first.accept()) {
                BufferedReader in = reader(channel);
                assertEquals("hello", Json.readObject(in.readLine()).get("type"));
                assertMessage(in, "ready");
            }
            Files.delete(path());
            try (ServerSocketChannel second = listening();
                    SocketChannel again = second.accept()) {
                BufferedReader in = reader(again);
                assertHello(in, script, true);
                send(again, "{\"type\":\"message\",\"data\":\"still there?\"}");
                assertMessage(in, Map.of("echo", "still there?"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "node"})
    void shortScript_isHeard_andNotKeptAlive(String engine) throws Exception {
        try (ServerSocketChannel server = listening();
                ScriptProcess script = new ScriptProcess(engine, "short.mjs", environment());
                SocketChannel channel = server.accept()) {
            BufferedReader in = reader(channel);
            assertEquals("hello", Json.readObject(in.readLine()).get("type"));
            assertMessage(in, "ready");
            assertEquals("env undefined undefined", script.awaitLine("env"));
            assertEquals(0, script.awaitExit());
            assertNull(in.readLine());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "node"})
    void shortScript_withoutADaemon_endsAllTheSame(String engine) throws Exception {
        try (ScriptProcess script = new ScriptProcess(engine, "short.mjs", environment())) {
            assertEquals("env undefined undefined", script.awaitLine("env"));
            assertEquals(0, script.awaitExit());
        }
    }
}
