package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.state.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An entry is on disk before its command is answered. */
@Timeout(60)
class AuditTest extends ClientTest {
    @BeforeEach
    void startApps() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
    }

    private Path file() {
        return home.resolve("audit.log");
    }

    private List<Map<String, @Nullable Object>> entries() throws Exception {
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        for (String line : Files.readAllLines(file())) {
            entries.add(Json.readObject(line));
        }
        return entries;
    }

    private Map<String, @Nullable Object> last() throws Exception {
        return entries().getLast();
    }

    @Test
    void commandLine_isTold_withWhoFromWhereWhatAndResult() throws Exception {
        client.run(false, "stop", "api");
        Map<?, ?> _ = client.reply();

        Map<String, @Nullable Object> entry = last();
        assertTrue(Instant.parse(String.valueOf(entry.get("at")))
                .isBefore(Instant.now().plusSeconds(1)));
        assertEquals("uid " + Files.getAttribute(home, "unix:uid"), entry.get("who"));
        assertEquals("pid " + ProcessHandle.current().pid(), entry.get("from"));
        assertEquals("admin", entry.get("role"));
        assertEquals("stop", entry.get("command"));
        assertEquals(List.of("api"), entry.get("apps"));
        assertEquals("done", entry.get("result"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void refusal_isTold_withItsCode() throws Exception {
        client.run(false, "restart", "nobody");
        Map<?, ?> _ = client.reply();

        assertEquals("refused", last().get("result"));
        assertEquals("UNKNOWN_APP", last().get("code"));
    }

    private void ping() throws Exception {
        client.run(false, "ping");
        Map<?, ?> _ = client.reply();
    }

    private List<@Nullable Object> registrations(String result) throws Exception {
        return entries().stream()
                .filter(entry -> "register".equals(entry.get("command")) && result.equals(entry.get("result")))
                .map(entry -> entry.get("address"))
                .toList();
    }

    @Test
    void registrationsAtTopics_areTold_onceEach_andSessionsAreNot() throws Exception {
        client.register(Protocol.EVENTS);
        client.register(Protocol.EVENTS);
        client.register(Protocol.METRICS);
        client.register(Protocol.LOGS_PREFIX + "api");
        client.send(Map.of("type", "unregister", "address", Protocol.EVENTS));
        client.register(Protocol.EVENTS);
        client.run(true, "logs", "api", "--nostream");
        Map<?, ?> _ = client.reply();

        assertEquals(
                List.of(Protocol.EVENTS, Protocol.METRICS, Protocol.LOGS_PREFIX + "api", Protocol.EVENTS),
                registrations("done"));
        Map<String, @Nullable Object> first = entries().stream()
                .filter(entry -> "register".equals(entry.get("command")))
                .findFirst()
                .orElseThrow();
        assertEquals("uid " + Files.getAttribute(home, "unix:uid"), first.get("who"));
        assertEquals("pid " + ProcessHandle.current().pid(), first.get("from"));
        assertEquals("admin", first.get("role"));
    }

    @Test
    void registrationThatIsRefused_isTold_withWhy() throws Exception {
        client.register("bunctl.internal.control");
        assertEquals("access_denied", client.receive().get("message"));
        ping();

        assertEquals(List.of("bunctl.internal.control"), registrations("refused"));
        assertEquals("access_denied", entries().getFirst().get("detail"));
    }

    @Test
    void logs_areTold_asLogs() throws Exception {
        client.run(true, "logs", "api", "--nostream");
        Map<?, ?> _ = client.reply();

        assertEquals("logs", last().get("command"));
        assertEquals(List.of("api"), last().get("apps"));
    }

    @Test
    void typedCommands_areToldWithoutTheirSecrets() throws Exception {
        Command restart = new Command.Restart(
                new Selection.All(), true, OptionalInt.empty(), Optional.of(Map.of("API_KEY", "hunter2")));
        client.send(Protocol.COMMAND, MessageCodec.toMap(restart));
        Map<?, ?> _ = client.reply();
        client.send(Protocol.COMMAND, MessageCodec.toMap(new Command.Start(List.of(Specs.of("web")), true)));
        Map<?, ?> _ = client.reply();

        assertEquals("1 variables", entries().get(0).get("environment"));
        assertEquals(List.of("web"), entries().get(1).get("apps"));
        String all = Files.readString(file());
        assertFalse(all.contains("hunter2") || all.contains("specs"), all);
    }

    @Test
    void logThatCannotBeWritten_stopsNoCommand_andTellsOfTheGap() throws Exception {
        Path inTheWay = Files.createDirectories(file());
        client.run(false, "stop", "api");
        assertEquals(0L, client.reply().get("exit"));
        assertEquals(List.of("api:0 stopped"), daemon.states());
        client.run(false, "status");
        String said = String.valueOf(client.reply().get("err"));
        assertTrue(said.contains("audit log cannot be written") && said.contains("missing: 1."), said);

        Files.delete(inTheWay);
        client.run(false, "ping");
        Map<?, ?> _ = client.reply();

        assertEquals("missed", entries().get(0).get("result"));
        assertEquals(
                "2 entries before this one could not be written",
                entries().get(0).get("detail"));
        assertEquals("ping", entries().get(1).get("command"));
    }
}
