package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.preload.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From the command line to a real Bun server and back. */
class MainRoadIT {
    private static final String SERVER = """
            const greeting = await Promise.resolve("hello from " + process.env.GREETER);
            const server = Bun.serve({ port: Number(process.env.PORT), fetch: () => new Response(greeting) });
            console.log(`listening on ${server.port}`);
            console.error("warming up");
            """;

    @Test
    void start_typeScriptServer_answersAndIsShown() throws Exception {
        try (Bunctl bunctl = new Bunctl()) {
            int port = FreePorts.one();
            bunctl.write("server.ts", SERVER);
            Bunctl.Result started = bunctl.run(
                            "start", "server.ts", "--name", "api", "--env", "PORT=" + port, "--env", "GREETER=bunctl")
                    .succeeded();
            assertTrue(started.out().contains("api") && started.out().contains("online"), started.out());
            bunctl.awaitLog("api-out.log", "listening on " + port);
            bunctl.awaitLog("api-error.log", "warming up");
            assertEquals("hello from bunctl", get(port));

            Map<String, Object> api = bunctl.status("api:0");
            assertEquals("online", api.get("state"));
            assertEquals(0L, api.get("restarts"));
            assertTrue(HostProcesses.runs((Long) api.get("pid")));
            assertTrue((Long) api.get("memory_bytes") > 1_000_000, api.toString());
            assertTrue(api.get("cpu_percent") instanceof Number, api.toString());
            assertTrue(api.get("uptime_ms") instanceof Long, api.toString());
            String table = bunctl.run("status").succeeded().out();
            assertTrue(table.contains(api.get("pid").toString()), table);
            assertTrue(table.lines().allMatch(line -> line.length() <= 80), table);

            String logs = bunctl.run("logs", "api", "--nostream").succeeded().out();
            assertTrue(logs.contains("listening on " + port), logs);
            assertTrue(logs.contains("warming up"), logs);
            String described = bunctl.run("describe", "api").succeeded().out();
            assertTrue(described.contains("server.ts"), described);
        }
    }

    @Test
    void commands_byNameIdSeveralNamesAndAll_reachTheirApps() {
        try (Bunctl bunctl = new Bunctl()) {
            for (String name : List.of("one", "two", "three")) {
                bunctl.run("start", name, "--command", "sleep 1000").succeeded();
            }
            long first = bunctl.pid("one:0");
            bunctl.run("stop", "one").succeeded();
            assertNull(bunctl.status("one:0").get("pid"));
            assertEquals("stopped", bunctl.status("one:0").get("state"));
            assertFalse(HostProcesses.runs(first));

            bunctl.run("start", "one").succeeded();
            long second = bunctl.pid("one:0");
            assertNotEquals(first, second);
            String again = bunctl.run("start", "one").succeeded().err();
            assertTrue(again.contains("already"), again);
            assertEquals(second, bunctl.pid("one:0"));

            long id = (Long) bunctl.status("two:0").get("id");
            bunctl.run("restart", Long.toString(id)).succeeded();
            assertEquals("online", bunctl.status("two:0").get("state"));

            bunctl.run("stop", "one", "two").succeeded();
            assertEquals("stopped", bunctl.status("two:0").get("state"));
            assertEquals("online", bunctl.status("three:0").get("state"));
            bunctl.run("start", "all").succeeded();
            assertTrue(bunctl.status().stream().allMatch(app -> "online".equals(app.get("state"))));
            bunctl.run("reset", "all").succeeded();
            bunctl.run("stop", "all").succeeded();
            assertTrue(bunctl.status().stream().allMatch(app -> "stopped".equals(app.get("state"))));
            bunctl.run("restart", "three").succeeded();
            assertEquals("online", bunctl.status("three:0").get("state"));
            bunctl.run("delete", "all").succeeded();
            assertEquals(List.of(), bunctl.status());
        }
    }

    @Test
    void logs_follow_printsNewLinesUntilItIsEnded() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("ticks.ts", "let n = 0; setInterval(() => console.log(`tick ${n++}`), 50);");
            bunctl.run("start", "ticks.ts", "--name", "ticks").succeeded();
            Bunctl.Running follower = bunctl.start("logs", "-f", "ticks");
            Bunctl.await(
                    () -> "lines came: " + follower.printed(),
                    () -> follower.printed().lines().count() > 20);
            follower.process().destroy();
            int exit = bunctl.await(follower).exit();
            assertNotEquals(0, exit);
            assertEquals("online", bunctl.status("ticks:0").get("state"));
        }
    }

    @Test
    void start_configuration_startsEveryAppOfIt() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("config/bunctl.json", """
                    {"apps": [
                      {"name": "a", "command": "sleep 1000", "env": {"PORT": "3000"}, "max_memory": 536870912,
                       "max_cpu_percent": 50, "restart_policy": "always"},
                      {"name": "b", "command": "sleep 1000", "instances": 2}
                    ]}""");
            bunctl.run("start").succeeded();
            assertEquals(3, bunctl.status().size());
            bunctl.run("delete", "all").succeeded();
            bunctl.run("start", "b").succeeded();
            assertEquals(2, bunctl.status().size());
        }
    }

    @Test
    void app_seesItsStartersEnvironmentAndArguments() {
        try (Bunctl bunctl = new Bunctl().with("JAVA_TOOL_OPTIONS", "-Dmine=1").with("LC_ALL", "C")) {
            bunctl.with("GREETING", "ä ö").write("show.ts", """
                    console.log(JSON.stringify({args: process.argv.slice(2), lc: process.env.LC_ALL,
                      java: process.env.JAVA_TOOL_OPTIONS, kept: process.env.BUNCTL_CALLER_LC_ALL ?? "none",
                      text: process.env.GREETING, app: process.env.BUNCTL_APP, n: process.env.NODE_APP_INSTANCE,
                      cwd: process.cwd()}));
                    setInterval(() => {}, 1000);""");
            bunctl.run("start", "show.ts", "--name", "show", "--", "--flag", "two words", "")
                    .succeeded();
            Bunctl.await(
                    () -> "a line was logged", () -> bunctl.log("show-out.log").endsWith("\n"));
            assertEquals(
                    "{\"args\":[\"--flag\",\"two words\",\"\"],\"lc\":\"C\",\"java\":\"-Dmine=1\",\"kept\":\"none\","
                            + "\"text\":\"ä ö\",\"app\":\"show\",\"n\":\"0\",\"cwd\":\"" + bunctl.folder() + "\"}\n",
                    bunctl.log("show-out.log"));
        }
    }

    @Test
    void apps_keepTheSoftLimitsOfTheirOwnFirstStarter() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("files.sh", "ulimit -S -n\nexec sleep 1000\n");
            bunctl.runWithFiles(512, "start", "files.sh", "--name", "few").succeeded();
            bunctl.runWithFiles(640, "start", "files.sh", "--name", "more").succeeded();
            assertEquals("512\n", bunctl.awaitLog("few-out.log", "\n"));
            assertEquals("640\n", bunctl.awaitLog("more-out.log", "\n"));
            bunctl.runWithFiles(700, "restart", "few").succeeded();
            assertEquals("512\n512\n", bunctl.awaitLog("few-out.log", "\n5"));
        }
    }

    private static String get(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
