package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.main.TestDaemon;
import dev.bunctl.verticles.state.Specs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is published of the output of apps, and follows that outlive instances and daemons. */
@Timeout(60)
class LogTopicTest extends ClientTest {
    private static final String API = Protocol.LOGS_PREFIX + "api";

    private void say(String app, String text) {
        daemon.platform().processes().running(app + ":0").stdout().write(text);
    }

    /** Lines that are published, until this one has come. */
    private static List<Map<?, ?>> linesUntil(Client subscriber, String last) throws Exception {
        List<Map<?, ?>> lines = new ArrayList<>();
        while (lines.isEmpty() || !last.equals(lines.getLast().get("line"))) {
            Map<?, ?> body = Client.body(subscriber.receive());
            assertEquals(1L, body.get("version"));
            for (Object line : assertInstanceOf(List.class, body.get("lines"))) {
                lines.add((Map<?, ?>) line);
            }
        }
        return lines;
    }

    private void registered(Client subscriber, String address) throws Exception {
        subscriber.register(address);
        // The bridge answers in turn: behind a pong the registration is known.
        subscriber.send(Map.of("type", "ping"));
        assertEquals("pong", subscriber.receive().get("type"));
    }

    @Test
    void outputOfAnApp_isPublishedAtItsAddress_andOfNoOther() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api"), Specs.of("worker")), true));
        registered(client, API);

        say("worker", "not here\n");
        say("api", "hello\n");

        Map<?, ?> line = linesUntil(client, "hello").getFirst();
        assertEquals("api", line.get("app"));
        assertEquals(0L, line.get("instance"));
        assertEquals("stdout", line.get("stream"));
        assertEquals("hello", line.get("line"));
        assertTrue(String.valueOf(line.get("at")).endsWith("Z"));
    }

    @Test
    void nameThatLooksLikeAPath_readsNoFile() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        for (String path :
                List.of("../state/desired", "../../../../../etc/passwd", "/etc/passwd", "..%2f..%2fdaemon")) {
            registered(client, Protocol.LOGS_PREFIX + path);
            client.run(true, "logs", path, "--nostream");
            assertEquals(4L, client.reply().get("exit"), path);
            client.run(false, "describe", path);
            assertEquals(4L, client.reply().get("exit"), path);
        }
        registered(client, API);

        say("api", "hello\n");

        assertEquals(API, client.receive().get("address"));
    }

    @Test
    void appThatStartsLater_isPublishedFromItsFirstLine() throws Exception {
        registered(client, API);
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));

        say("api", "first\nsecond\n");

        assertEquals(
                List.of("first", "second"),
                linesUntil(client, "second").stream()
                        .map(line -> line.get("line"))
                        .toList());
    }

    @Test
    void subscriberThatIsGone_endsTheReading_andTheNextOneBeginsAnew() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        registered(client, API);
        say("api", "one\n");
        assertEquals(1, linesUntil(client, "one").size());
        client.send(Map.of("type", "unregister", "address", API));
        client.send(Map.of("type", "ping"));
        assertEquals("pong", client.receive().get("type"));
        say("api", "unheard\n");
        Client next = new Client(daemon.socket());
        try {
            followUntil(next, "api", "unheard");
        } finally {
            next.close();
        }
        registered(client, API);
        say("api", "three\n");
        assertEquals("three", linesUntil(client, "three").getLast().get("line"));
    }

    private static void followUntil(Client follower, String app, String line) throws Exception {
        follower.run(Map.of(), "logs", app, "-f", "-n", "1");
        while (!follower.out.toString().endsWith(line + "\n")) {
            follower.take(follower.receive());
        }
    }

    @Test
    void follow_getsTheLinesOfAnAppThatStartsLater() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        client.run(true, "logs", "-f");
        say("api", "here\n");
        while (!client.out.toString().endsWith("here\n")) {
            client.take(client.receive());
        }
        daemon.change(new Command.Start(List.of(Specs.of("late")), true));

        say("late", "here too\n");

        while (!client.out.toString().endsWith("late:0 | here too\n")) {
            client.take(client.receive());
        }
    }

    @Test
    void follow_isHandedOver_andTheNextDaemonGoesOnBehindTheLastLine() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        client.run(true, "logs", "api", "-f");
        say("api", "one\ntwo\n");
        Map<String, Object> at = new HashMap<>();
        Map<String, Object> resume = new HashMap<>();
        while (!client.out.toString().endsWith("two\n")) {
            remember(client.takeBody(client.receive()), at, resume);
        }
        daemon = daemon.successor();
        Map<?, ?> reply = client.reply();
        assertEquals(true, reply.get("again"));
        assertEquals(9L, reply.get("exit"));
        say("api", "three\n");
        Client again = new Client(daemon.socket());
        try {
            resume.put("at", at);
            again.run(Map.of("resume", resume), "logs", "api", "-f", "-n", "0");
            while (!again.out.toString().contains("three\n")) {
                again.take(again.receive());
            }
            assertEquals("three\n", again.out.toString());
        } finally {
            again.close();
        }
    }

    @SuppressWarnings("unchecked")
    private static void remember(Map<?, ?> body, Map<String, Object> at, Map<String, Object> resume) {
        if (body.get("resume") instanceof Map<?, ?> news) {
            at.putAll((Map<String, Object>) news.get("at"));
            resume.put("since", news.get("since"));
        }
    }

    @Test
    void follow_endsWhenTheDaemonEndsForGood() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        client.run(true, "logs", "api", "-f");
        say("api", "here\n");
        while (!client.out.toString().endsWith("here\n")) {
            client.take(client.receive());
        }
        daemon.ask(new Command.Kill());
        daemon.close();
        daemon = TestDaemon.start(home, new FakePlatform());

        Map<?, ?> reply = client.reply();

        assertEquals((long) Reply.CANCELLED, reply.get("exit"));
        assertNull(reply.get("again"));
    }

    @Test
    void unknownPlace_isRefused() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        client.run(Map.of("resume", Map.of("since", "yesterday", "at", Map.of())), "logs", "api", "-f");
        assertEquals(3L, client.reply().get("exit"));
    }
}
