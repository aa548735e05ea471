package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.preload.FreePorts;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that show in each of the declared ways that they are up, or do not. */
class ReadinessIT {
    /** Ready when told so by a file, with a top-level await in progress. */
    private static final String SAYS_READY = """
            import { existsSync, writeFileSync } from "node:fs";
            while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 10));
            process.send("ready");
            writeFileSync("said", "");
            await new Promise((resolve) => setTimeout(resolve, 600_000));
            """;

    /** sd_notify(3) as any program with a C library can do it. */
    private static final String NOTIFIES = """
            import { dlopen, ptr } from "bun:ffi";
            const libc = dlopen("libc.so.6", {
              socket: { args: ["i32", "i32", "i32"], returns: "i32" },
              sendto: { args: ["i32", "ptr", "u64", "i32", "ptr", "u32"], returns: "i64" },
            }).symbols;
            const path = new TextEncoder().encode(process.env.NOTIFY_SOCKET);
            const address = new Uint8Array([1, 0, ...path, 0]);
            const fd = libc.socket(1, 2, 0);
            function notify(text) {
              const bytes = new TextEncoder().encode(text);
              if (libc.sendto(fd, ptr(bytes), bytes.length, 0, ptr(address), address.length) < 0) process.exit(3);
            }
            notify("STATUS=warming up");
            notify(`${process.env.SAYS}\\nMAINPID=${process.pid}`);
            setInterval(() => notify("WATCHDOG=1"), 20);
            """;

    private static void configure(Bunctl bunctl, String app) {
        bunctl.write("bunctl.json", "{\"apps\": [" + app + "]}");
    }

    /** The state of an instance, known or not at first, once a process of it runs. */
    private static Object awaitRunning(Bunctl bunctl, String instance) {
        Bunctl.await(
                () -> instance + " runs",
                () -> bunctl.status().stream()
                        .anyMatch(app -> app.get("pid") != null
                                && instance.equals(app.get("name") + ":" + app.get("instance"))));
        return bunctl.status(instance).get("state");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "node"})
    void message_isWaitedFor(String engine) throws Exception {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("says.mjs", SAYS_READY);
            configure(
                    bunctl,
                    "{\"name\": \"says\", \"script\": \"says.mjs\", \"interpreter\": \"" + engine
                            + "\", \"wait_ready\": true}");
            Bunctl.Running starting = bunctl.start("start");
            assertEquals("launching", awaitRunning(bunctl, "says:0"));
            bunctl.write("go", "");
            bunctl.await(starting).succeeded();
            assertEquals("online", bunctl.status("says:0").get("state"));
        }
    }

    @Test
    void message_thatWasSaidWithoutADaemon_isHeardByTheNext() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("says.mjs", SAYS_READY);
            configure(bunctl, "{\"name\": \"says\", \"script\": \"says.mjs\", \"ready\": \"message\"}");
            bunctl.run("start", "--no-wait").succeeded();
            assertEquals("launching", awaitRunning(bunctl, "says:0"));
            long pid = bunctl.pid("says:0");
            long daemon = bunctl.daemonPid();
            long guard = bunctl.guardPid();
            HostProcesses.signal("STOP", guard);
            HostProcesses.signal("KILL", daemon);
            bunctl.write("go", "");
            Bunctl.await(
                    () -> "it was said that it is ready",
                    () -> Files.exists(bunctl.folder().resolve("said")));
            HostProcesses.signal("CONT", guard);
            assertEquals(
                    pid,
                    bunctl.awaitStatus("says:0", app -> "online".equals(app.get("state")))
                            .get("pid"));
            assertNotEquals(daemon, bunctl.daemonPid());
        }
    }

    @Test
    void readinessThatNeverComes_failsTheStart_orNotWhenAskedFor() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("silent.ts", "setInterval(() => {}, 1000);");
            configure(
                    bunctl,
                    "{\"name\": \"silent\", \"script\": \"silent.ts\", \"wait_ready\": true, \"listen_timeout\": 500,"
                            + " \"autorestart\": false}");
            Bunctl.Result failed = bunctl.run("start");
            assertNotEquals(0, failed.exit());
            assertTrue((failed.out() + failed.err()).contains("not ready within 500 ms"), failed.out() + failed.err());
            assertEquals("errored", bunctl.status("silent:0").get("state"));
            bunctl.run("delete", "silent").succeeded();
            configure(
                    bunctl,
                    "{\"name\": \"silent\", \"script\": \"silent.ts\", \"wait_ready\": true, \"listen_timeout\": 500,"
                            + " \"online_anyway\": true}");
            bunctl.run("start").succeeded();
            Map<String, Object> silent = bunctl.status("silent:0");
            assertEquals("online", silent.get("state"));
            assertEquals("not ready within 500 ms, taken as online", silent.get("reason"));
        }
    }

    @Test
    void notice_isWaitedFor_andOnlyReadyCounts() {
        try (Bunctl bunctl = new Bunctl().with("NOTIFY_SOCKET", "/run/of-another-supervisor")) {
            bunctl.write("notifies.ts", NOTIFIES);
            String app =
                    "{\"name\": \"n\", \"script\": \"notifies.ts\", \"ready\": \"notify\", \"env\": {\"SAYS\": \"%s\"},"
                            + " \"listen_timeout\": %d, \"autorestart\": false}";
            configure(bunctl, app.formatted("READY=1", 60_000));
            bunctl.run("start").succeeded();
            assertEquals("online", bunctl.status("n:0").get("state"));
            bunctl.run("delete", "n").succeeded();
            configure(bunctl, app.formatted("STOPPING=1", 700));
            Bunctl.Result failed = bunctl.run("start");
            assertTrue((failed.out() + failed.err()).contains("not ready within 700 ms"), failed.out() + failed.err());
        }
    }

    @Test
    void port_url_andLine_areWaitedFor() throws Exception {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("late.ts", """
                    import { existsSync } from "node:fs";
                    while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 10));
                    Bun.serve({ port: Number(process.env.PORT), fetch: () => new Response("up") });
                    console.log("now serving");
                    """);
            int port = FreePorts.one();
            int url = FreePorts.one();
            String app = "{\"name\": \"%s\", \"script\": \"late.ts\", \"port\": %d, \"ready\": %s}";
            configure(
                    bunctl,
                    app.formatted("port", port, "{\"port\": " + port + "}")
                            + ","
                            + app.formatted("url", url, "{\"http\": \"http://127.0.0.1:" + url + "/\"}")
                            + ","
                            + app.formatted("line", FreePorts.one(), "{\"log\": \"now ser.ing\"}"));
            Bunctl.Running starting = bunctl.start("start");
            for (String name : new String[] {"port:0", "url:0", "line:0"}) {
                assertEquals("launching", awaitRunning(bunctl, name));
            }
            bunctl.write("go", "");
            bunctl.await(starting).succeeded();
            assertTrue(bunctl.status().stream().allMatch(one -> "online".equals(one.get("state"))));
        }
    }

    @Test
    void shortScript_thatSaysReady_isNotKeptAlive() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("short.ts", "process.send('ready'); console.log(typeof process.send);");
            configure(
                    bunctl,
                    "{\"name\": \"short\", \"script\": \"short.ts\", \"wait_ready\": true, \"restart\": \"no\"}");
            bunctl.run("start").succeeded();
            bunctl.awaitStatus("short:0", app -> "stopped".equals(app.get("state")));
            assertEquals("function\n", bunctl.log("short-out.log"));
        }
    }

    @Test
    void programThatCannotSpeak_isSaid() {
        try (Bunctl bunctl = new Bunctl()) {
            configure(
                    bunctl,
                    "{\"name\": \"s\", \"command\": \"sleep 1000\", \"shutdown_with_message\": true, \"instances\": 2,"
                            + " \"port\": 4000}");
            String said = bunctl.run("start").succeeded().err();
            assertTrue(said.contains("sleep is neither bun nor node"), said);
            assertTrue(said.contains("\"increment_var\": \"PORT\""), said);
            assertTrue(Files.isDirectory(bunctl.home()));
        }
    }
}
