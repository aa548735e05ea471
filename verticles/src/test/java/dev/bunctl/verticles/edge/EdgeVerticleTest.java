package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.state.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EdgeVerticleTest extends ClientTest {
    @BeforeEach
    void startApps() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api"), Specs.of("worker")), true));
    }

    @Test
    void commandLine_isParsedAskedAndRendered() throws Exception {
        client.run(true, "stop", "api");

        Map<?, ?> reply = client.reply();

        assertEquals(0L, reply.get("exit"));
        assertTrue(client.err.toString().contains("api:0: stopped"), client.err.toString());
        assertTrue(client.out.toString().contains("stopped"), client.out.toString());
        assertEquals(List.of("api:0 stopped", "worker:0 online"), daemon.states());
    }

    @Test
    void commandLine_withoutSession_isAnsweredInTheReply() throws Exception {
        client.run(false, "status", "--json");

        Map<?, ?> reply = client.reply();

        assertEquals(0L, reply.get("exit"));
        assertTrue(String.valueOf(reply.get("out")).startsWith("{\"version\":1,\"apps\":[{\"id\":0,"));
        assertNull(reply.get("err"));
    }

    @Test
    void unknownApp_endsWithItsExitCodeAndAHint() throws Exception {
        client.run(true, "restart", "apj");

        assertEquals(4L, client.reply().get("exit"));
        assertEquals("bunctl: no app is called 'apj'\nhint: did you mean 'api'?\n", client.err.toString());
    }

    @Test
    void unknownCommand_isUsage() throws Exception {
        client.run(true, "stauts");

        assertEquals(2L, client.reply().get("exit"));
        assertTrue(client.err.toString().contains("did you mean"), client.err.toString());
    }

    @Test
    void start_isLeftToTheClient() throws Exception {
        client.run(true, "start", "/etc/passwd");

        assertEquals(2L, client.reply().get("exit"));
        assertTrue(client.err.toString().contains("reads files with the rights of its caller"), client.err.toString());
    }

    @Test
    void help_isShown() throws Exception {
        client.run(true, "stop", "--help");

        assertEquals(0L, client.reply().get("exit"));
        assertTrue(client.out.toString().contains("bunctl stop"), client.out.toString());
    }

    @Test
    void malformedBodies_areInvalid() throws Exception {
        for (Map<String, ?> body : List.of(
                Map.of("argv", List.of("status")),
                Map.of("version", 2L, "argv", List.of("status")),
                Map.of("version", 1L, "argv", "status"),
                Map.of("version", 1L, "argv", List.of(1L)),
                Map.of("version", 1L, "argv", List.of("status"), "session", "../../x"),
                Map.of("version", 1L, "argv", List.of("status"), "environment", Map.of("A", 1L)))) {
            client.send(Protocol.ARGV, body);

            assertEquals(3L, client.reply().get("exit"), body.toString());
        }
    }

    @Test
    void typedCommand_isAnsweredAsJson() throws Exception {
        client.send(
                Protocol.COMMAND, plain(MessageCodec.toMap(new Command.Stop(new Selection.Named(List.of("worker"))))));

        Map<?, ?> answer = client.reply();

        assertEquals("changed", answer.get("answer"));
        client.send(Protocol.COMMAND, Map.of("version", 1L, "command", "conquer"));
        Map<?, ?> refused = client.reply();
        assertEquals("refused", refused.get("answer"));
        assertEquals("INVALID", refused.get("code"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> plain(Map<String, @Nullable Object> map) {
        return (Map<String, ?>) map;
    }

    @Test
    void updateEnvironment_needsOneAndUsesIt() throws Exception {
        client.run(false, "restart", "api", "--update-env");
        assertEquals(3L, client.reply().get("exit"));

        client.send(
                Protocol.ARGV,
                Map.of(
                        "version",
                        1L,
                        "argv",
                        List.of("restart", "api", "--update-env"),
                        "environment",
                        Map.of("COLOUR", "blue")));

        assertEquals(0L, client.reply().get("exit"));
        assertEquals(
                "blue",
                daemon.platform().processes().plans().getLast().environment().get("COLOUR"));
    }

    @Test
    void events_arePublishedToWhoeverRegistered() throws Exception {
        client.register(Protocol.EVENTS);
        client.run(false, "stop", "api");
        List<Object> types = new ArrayList<>();
        while (true) {
            Map<String, @Nullable Object> frame = client.receive();
            if (Protocol.EVENTS.equals(frame.get("address"))) {
                Object type = Client.body(frame).get("type");
                types.add(type == null ? "" : type);
            }
            if (types.contains("stopped")) {
                assertTrue(types.contains("stopping"), types.toString());
                return;
            }
        }
    }

    private void writeLog(String app, String text) throws IOException {
        Path folder = Files.createDirectories(home.resolve("logs"));
        Files.writeString(folder.resolve(app + "-out.log"), text);
    }

    @Test
    void logs_ofOneApp_areAsTheyAre() throws Exception {
        writeLog("api", "one\ntwo\nthree ü\n");

        client.run(true, "logs", "api", "--lines", "2", "--nostream");

        assertEquals(0L, client.reply().get("exit"));
        assertEquals("two\nthree ü\n", client.out.toString());
    }

    @Test
    void logs_ofSeveralApps_sayWhose() throws Exception {
        writeLog("api", "hello\n");
        writeLog("worker", "busy\n");

        client.run(true, "logs", "--nostream");

        assertEquals(0L, client.reply().get("exit"));
        assertTrue(client.out.toString().contains("api:0    | hello\n"), client.out.toString());
        assertTrue(client.out.toString().contains("worker:0 | busy\n"), client.out.toString());
    }

    @Test
    void logs_withBadPatternOrUnknownApp_areRefused() throws Exception {
        client.run(true, "logs", "nope", "--nostream");

        assertEquals(4L, client.reply().get("exit"));
    }

    @Test
    void logs_goNoFurtherThanTheCredit() throws Exception {
        String line = "x".repeat(99) + "\n";
        writeLog("api", line.repeat(10_000));
        client.run(true, "logs", "api", "--lines", "10000", "--nostream");
        int taken = 0;
        while (taken < Protocol.INITIAL_CREDIT) {
            taken += client.take(client.receive());
        }
        assertEquals(Protocol.INITIAL_CREDIT, taken);

        // Nothing more may come now; a ping is answered by the bridge, behind whatever was sent before.
        client.send(Map.of("type", "ping"));
        assertEquals("pong", client.receive().get("type"));
        client.input(Map.of("credit", 1000L));
        assertEquals(1000, client.take(client.receive()));
        client.send(Map.of("type", "ping"));
        assertEquals("pong", client.receive().get("type"));

        client.input(Map.of("credit", 10_000_000L));
        while (client.out.length() < 1_000_000) {
            client.take(client.receive());
        }
        assertEquals(0L, client.reply().get("exit"));
        assertEquals(1_000_000, client.out.length());
    }

    @Test
    void follow_showsNewLinesAndEndsByCancel() throws Exception {
        client.run(true, "logs", "api", "-f");
        FakeProcess process = daemon.platform().processes().running("api:0");
        process.stdout().write("first\n");
        while (!client.out.toString().contains("first\n")) {
            client.take(client.receive());
        }

        client.input(Map.of("cancel", true));

        assertEquals((long) Reply.CANCELLED, client.reply().get("exit"));
        assertEquals(List.of("api:0 online", "worker:0 online"), daemon.states());
    }

    @Test
    void cancel_endsTheWaitAndNotTheWork() throws Exception {
        FakeProcess process = daemon.platform().processes().running("api:0").ignoresSignals();
        client.run(true, "stop", "api");
        daemon.event("api:0", "stopping");

        client.input(Map.of("cancel", true));

        assertEquals((long) Reply.CANCELLED, client.reply().get("exit"));
        process.exit(0);
        daemon.event("api:0", "stopped");
        assertEquals("api:0 stopped", daemon.states().getFirst());
    }

    @Test
    void strangers_haveNoSayInASession() throws Exception {
        client.run(true, "logs", "api", "-f");
        Client stranger = new Client(daemon.socket());
        try {
            stranger.input(Map.of("cancel", true));
            stranger.send(Map.of("type", "ping"));
            assertEquals("pong", stranger.receive().get("type"));
            stranger.run(true, "status");
            Map<String, @Nullable Object> taken = stranger.receive();
            assertFalse("r1".equals(taken.get("address"))
                    && Long.valueOf(0).equals(Client.body(taken).get("exit")));

            daemon.platform().processes().running("api:0").stdout().write("still there\n");
            while (!client.out.toString().contains("still there\n")) {
                client.take(client.receive());
            }
        } finally {
            stranger.close();
        }
    }

    @Test
    void kill_isAnsweredBeforeTheDaemonEnds() throws Exception {
        client.run(true, "kill");

        assertEquals(0L, client.reply().get("exit"));
        assertTrue(client.err.toString().contains("api:0: stopped"), client.err.toString());
        assertTrue(daemon.ended());
    }

    @Test
    void text_isCutBetweenCharacters() throws Exception {
        String line = "aü€😀".repeat(30_000);
        writeLog("api", line + "\n");

        client.run(true, "logs", "api", "--nostream");

        assertEquals(0L, client.reply().get("exit"));
        assertEquals(
                (line + "\n").getBytes(StandardCharsets.UTF_8).length,
                client.out.toString().getBytes(StandardCharsets.UTF_8).length);
        assertFalse(client.out.toString().contains("\ufffd"));
    }
}
