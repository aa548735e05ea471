package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.preload.FreePorts;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that run and are not well. */
class HealthIT {
    private static void configure(Bunctl bunctl, String fields) {
        bunctl.write(
                "bunctl.json",
                "{\"apps\": [{\"name\": \"h\", \"script\": \"server.ts\", \"health_check\": {" + fields + "}}]}");
    }

    private static void awaitRestart(Bunctl bunctl, String cause) {
        bunctl.awaitStatus("h:0", app -> ((Long) app.get("restarts")) > 0 && "online".equals(app.get("state")));
        String described = bunctl.run("describe", "h").succeeded().out();
        assertTrue(described.contains(cause), described);
    }

    @Test
    void serverThatHangs_isReplaced_andTheOtherAppsAreAnsweredMeanwhile() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            int port = FreePorts.one();
            // The first run answers twice and hangs from then on; the runs after it answer.
            bunctl.write("server.ts", """
                    import { existsSync, writeFileSync } from "node:fs";
                    const first = !existsSync("again");
                    writeFileSync("again", "");
                    let asked = 0;
                    Bun.serve({
                      port: Number(process.argv[2]), idleTimeout: 0,
                      fetch: (request) => first && ++asked > 2
                        ? new Promise(() => {})
                        : new Response(`well ${request.headers.get("x-probe")}`),
                    });
                    """);
            bunctl.write(
                    "bunctl.json",
                    "{\"apps\": [{\"name\": \"h\", \"script\": \"server.ts\", \"args\": [\"" + port
                            + "\"], \"health_check\": {\"http\": \"http://127.0.0.1:" + port
                            + "/\", \"headers\": {\"X-Probe\": \"p\"}, \"body\": \"^well p$\", \"status\": 200,"
                            + " \"interval\": 100, \"timeout\": 300, \"retries\": 2}}]}");
            bunctl.run("start").succeeded();
            awaitRestart(bunctl, "health check failed 2 times in a row: GET http://127.0.0.1:" + port);
        }
    }

    @Test
    void portThatCloses_isSeen() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            int port = FreePorts.one();
            bunctl.write("server.ts", """
                    import { existsSync, writeFileSync } from "node:fs";
                    const first = !existsSync("again");
                    writeFileSync("again", "");
                    const server = Bun.listen({ hostname: "127.0.0.1", port: PORT, socket: { data() {} } });
                    if (first) setTimeout(() => server.stop(true), 1000);
                    setInterval(() => {}, 1000);
                    """.replace("PORT", Integer.toString(port)));
            configure(bunctl, "\"tcp\": \"127.0.0.1:" + port + "\", \"interval\": 100, \"retries\": 2");
            bunctl.run("start").succeeded();
            awaitRestart(bunctl, "health check failed 2 times in a row: 127.0.0.1:" + port);
        }
    }

    @Test
    void checkOfADaemonThatWasKilled_isEndedByTheNext() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("server.ts", "setInterval(() => {}, 1000);");
            bunctl.write("check.ts", """
                    import { appendFileSync } from "node:fs";
                    appendFileSync("checks", `${process.pid}\\n`);
                    setInterval(() => {}, 1000);
                    """);
            configure(bunctl, "\"exec\": \"bun check.ts\", \"interval\": 200, \"timeout\": \"10m\"");
            bunctl.run("start").succeeded();
            Bunctl.await(() -> "a check runs", () -> !checks(bunctl).isEmpty());
            long check = checks(bunctl).getFirst();
            long app = bunctl.pid("h:0");
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("KILL", daemon);
            Bunctl.await(() -> "the check ended", () -> !HostProcesses.runs(check));
            assertNotEquals(daemon, bunctl.daemonPid());
            assertEquals(app, bunctl.pid("h:0"));
            assertTrue(!bunctl.run("status").succeeded().err().contains("health/"));
            Bunctl.await(() -> "checks go on", () -> checks(bunctl).size() == 2);
        }
    }

    private static List<Long> checks(Bunctl bunctl) {
        return Bunctl.read(bunctl.folder().resolve("checks"))
                .lines()
                .map(Long::valueOf)
                .toList();
    }

    @Test
    void checkThatFails_restartsTheApp_withTheProgramAndItsCodeAsTheCause() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("server.ts", "setInterval(() => {}, 1000);");
            bunctl.write("check.ts", """
                    import { existsSync, writeFileSync } from "node:fs";
                    if (existsSync("checked")) process.exit(0);
                    writeFileSync("checked", "");
                    process.exit(3);
                    """);
            configure(bunctl, "\"exec\": [\"bun\", \"check.ts\"], \"interval\": 100, \"retries\": 1");
            bunctl.run("start").succeeded();
            awaitRestart(bunctl, "ended with exit code 3");
        }
    }
}
