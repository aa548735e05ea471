package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.verticles.state.Specs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code logs}, {@code flush}, {@code rotate} and {@code reload-logs} as a client sees them. */
@Timeout(60)
class LogCommandTest extends ClientTest {
    private static final Map<String, ?> COLOUR_TERMINAL = Map.of("terminal", Map.of("stdout", true));

    private int followers;

    /** Behind what is written into their logs: an app that runs opens its own. */
    private void startApps() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api"), Specs.of("worker")), true));
    }

    private Path log(String name) throws IOException {
        return Files.createDirectories(home.resolve("logs")).resolve(name);
    }

    /** Lines of 2 bytes each that arrived at these times. */
    private void arrived(String app, String... times) throws IOException {
        ByteBuffer index = ByteBuffer.allocate(16 * times.length);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < times.length; i++) {
            index.putLong(2L * i).putLong(Instant.parse(times[i]).toEpochMilli());
            lines.append(i).append('\n');
        }
        Files.writeString(log(app + "-out.log"), lines);
        Files.write(log(app + "-out.log.idx"), index.array());
    }

    @Test
    void sinceAndUntil_areReadInTheZoneOfTheCaller() throws Exception {
        arrived("api", "2026-01-31T07:00:00Z", "2026-01-31T08:00:00Z", "2026-01-31T09:00:00Z");
        startApps();

        client.run(
                Map.of("time_zone", "Europe/Vienna"),
                "logs",
                "api",
                "--since",
                "2026-01-31 09:00",
                "--until",
                "2026-01-31T09:00:00Z",
                "--timestamp");

        assertEquals(0L, client.reply().get("exit"));
        assertEquals("2026-01-31T09:00:00.000+01:00 1\n", client.out.toString());
    }

    @Test
    void grep_givesTheLastMatchingLines() throws Exception {
        Files.writeString(log("api-out.log"), "one\ntwo\nthree\nfour\n");
        startApps();

        client.run(true, "logs", "api", "--grep", "^t|our$", "-n", "2");

        assertEquals(0L, client.reply().get("exit"));
        assertEquals("three\nfour\n", client.out.toString());
    }

    @Test
    void json_isAnObjectALine_withTimeAppInstanceAndStream() throws Exception {
        arrived("api", "2026-01-31T07:00:00.123Z");
        startApps();

        client.run(true, "logs", "api", "--json");

        assertEquals(0L, client.reply().get("exit"));
        assertEquals(
                "{\"version\":1,\"at\":\"2026-01-31T07:00:00.123Z\",\"app\":\"api\",\"instance\":0,\"stream\":\"stdout\","
                        + "\"line\":\"0\"}\n",
                client.out.toString());
        assertEquals("0", Json.readObject(client.out.toString().strip()).get("line"));
    }

    @Test
    void severalApps_haveColouredNamesOnATerminalOnly_andNoneWhenRaw() throws Exception {
        arrived("api", "2026-01-31T07:00:00Z");
        arrived("worker", "2026-01-31T07:00:01Z");
        startApps();

        client.run(COLOUR_TERMINAL, "logs", "--nostream");
        assertEquals(0L, client.reply().get("exit"));
        assertEquals("\u001b[32mapi:0    |\u001b[0m 0\n\u001b[32mworker:0 |\u001b[0m 0\n", client.out.toString());

        client.out.setLength(0);
        client.run(COLOUR_TERMINAL, "logs", "--nostream", "--no-color");
        assertEquals(0L, client.reply().get("exit"));
        assertEquals("api:0    | 0\nworker:0 | 0\n", client.out.toString());

        client.out.setLength(0);
        client.run(Map.of("terminal", Map.of("stdout", true), "no_color", true), "logs", "--nostream");
        assertEquals(0L, client.reply().get("exit"));
        assertEquals("api:0    | 0\nworker:0 | 0\n", client.out.toString());

        client.out.setLength(0);
        client.run(COLOUR_TERMINAL, "logs", "--nostream", "--raw");
        assertEquals(0L, client.reply().get("exit"));
        assertEquals("0\n0\n", client.out.toString());
    }

    @Test
    void flush_emptiesTheLogsOfTheAppThatIsNamed_andWritingGoesOn() throws Exception {
        startApps();
        daemon.platform().processes().running("api:0").stdout().write("old\n");
        daemon.platform().processes().running("worker:0").stdout().write("kept\n");
        awaitLine("api", "old");
        awaitLine("worker", "kept");
        Files.writeString(log("api-out.log.20260131-130000.1"), "older\n");

        client.run(true, "flush", "api");

        assertEquals(0L, client.reply().get("exit"));
        assertEquals("api:0: logs emptied\n", client.err.toString());
        assertEquals("", client.out.toString());
        assertEquals("", Files.readString(log("api-out.log")));
        assertFalse(Files.exists(log("api-out.log.20260131-130000.1")));
        assertEquals("kept\n", Files.readString(log("worker-out.log")));
        daemon.platform().processes().running("api:0").stdout().write("new\n");
        awaitLine("api", "new");
        assertEquals("new\n", Files.readString(log("api-out.log")));
    }

    @Test
    void rotate_putsAside_byThePolicyOfTheApp_alsoWhenItIsStopped() throws Exception {
        startApps();
        client.run(true, "stop", "api");
        assertEquals(0L, client.reply().get("exit"));
        Files.writeString(log("api-out.log"), "said\n");
        client.out.setLength(0);

        client.run(true, "rotate", "api", "--json");

        assertEquals(0L, client.reply().get("exit"));
        assertTrue(
                client.out.toString().startsWith("{\"version\":1,\"results\":[{\"instance\":\"api:0\""),
                client.out.toString());
        assertEquals("", Files.readString(log("api-out.log")));
        client.out.setLength(0);
        client.run(true, "logs", "api");
        assertEquals(0L, client.reply().get("exit"));
        assertEquals("said\n", client.out.toString());
    }

    @Test
    void reloadLogs_writesOnInANewFile_afterSomeoneRenamedTheOld() throws Exception {
        startApps();
        daemon.platform().processes().running("api:0").stdout().write("before\n");
        awaitLine("api", "before");
        Path moved = Files.move(log("api-out.log"), log("elsewhere.1"));

        client.run(true, "reloadLogs");

        assertEquals(0L, client.reply().get("exit"));
        daemon.platform().processes().running("api:0").stdout().write("after\n");
        awaitLine("api", "after");
        assertEquals("before\n", Files.readString(moved));
        assertEquals("after\n", Files.readString(log("api-out.log")));
    }

    @Test
    void unknownApp_isRefused_andNothingIsEmptied() throws Exception {
        Files.writeString(log("api-out.log"), "kept\n");
        startApps();

        client.run(true, "flush", "api", "nope");

        assertEquals(4L, client.reply().get("exit"));
        assertEquals("kept\n", Files.readString(log("api-out.log")));
    }

    /** Waits until a line is in the log: follows it. */
    private void awaitLine(String app, String line) throws IOException {
        Client follower = new Client(daemon.socket(), String.format("%032x", ++followers));
        try {
            follower.run(true, "logs", app, "-f", "-n", "1");
            while (!follower.out.toString().endsWith(line + "\n")) {
                follower.take(follower.receive());
            }
        } finally {
            follower.close();
        }
    }
}
