package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.Samples;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.testing.Programs;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients in docs/examples against the real server. */
class ExampleClientsTest {
    private static final Path EXAMPLES =
            Path.of("..", "docs", "examples").toAbsolutePath().normalize();

    @TempDir
    Path home;

    private Vertx vertx;
    private final BlockingQueue<Command> asked = new LinkedBlockingQueue<>();

    static Stream<List<String>> clients() {
        return Stream.of(List.of("node", "bus.mjs"), List.of("bun", "bus.mjs"), List.of("python3", "bus.py"));
    }

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
                .build();
        Path run = Files.createDirectory(home.resolve("run"));
        vertx.eventBus().<JsonObject>localConsumer(Protocol.COMMAND, this::answer);
        BridgeServer server =
                new BridgeServer(vertx, BridgeLimits.DEFAULT, Permissions.PUBLIC, ConnectionListener.NONE);
        BridgeFixture.await(server.listen(
                SocketAddress.domainSocketAddress(run.resolve("bunctl.sock").toString())));
    }

    @AfterEach
    void close() throws Exception {
        BridgeFixture.await(vertx.close());
    }

    private void answer(Message<JsonObject> message) {
        Answer answer = new Answer.Status(List.of(Samples.online(0, "api", 0)), List.of(), List.of());
        try {
            asked.add(MessageCodec.toCommand(JsonValues.plain(message.body())));
            message.reply(new JsonObject(MessageCodec.toMap(answer)));
        } catch (dev.bunctl.bridge.message.MalformedMessageException malformed) {
            message.fail(1, malformed.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void example_asksAndPrintsTheAnswer(List<String> client) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Programs.find(client.getFirst()).orElse(""),
                EXAMPLES.resolve(client.getLast()).toString()));
        Assumptions.assumeFalse(line.getFirst().isEmpty(), client.getFirst() + " is not installed");
        line.addAll(List.of("stop", "api", "wörker:1"));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("BUNCTL_HOME", home.toString());
        builder.environment().put("PYTHONUTF8", "1");
        Process process = builder.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertEquals(new Command.Stop(new Selection.Named(List.of("api", "wörker:1"))), asked.poll());
        assertTrue(MessageCodec.toAnswer(Json.readObject(out.strip())) instanceof Answer.Status, out);
    }
}
