package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How programs are told to end, and what becomes of those that do not. */
class StoppingIT {
    private static void configure(Bunctl bunctl, String app) {
        bunctl.write("bunctl.json", "{\"apps\": [" + app + "]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "node"})
    void shutdownMessage_endsAProgramThatListens_withoutASignal(String engine) {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("listens.mjs", """
                    process.on("SIGINT", () => console.log("signal"));
                    process.on("message", (message) => {
                      console.log(`told ${message}`);
                      setTimeout(() => process.exit(0), 50);
                    });
                    setInterval(() => {}, 1000);
                    console.log("up");
                    """);
            configure(
                    bunctl,
                    "{\"name\": \"l\", \"script\": \"listens.mjs\", \"interpreter\": \"" + engine
                            + "\", \"shutdown_with_message\": true, \"kill_timeout\": 60000}");
            bunctl.run("start").succeeded();
            bunctl.awaitLog("l-out.log", "up\n");
            bunctl.run("stop", "l").succeeded();
            assertEquals("up\ntold shutdown\n", bunctl.log("l-out.log"));
        }
    }

    @Test
    void shutdownMessage_thatIsNotHeeded_isFollowedByTheKillAfterItsTime() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write(
                    "deaf.ts",
                    "process.on('message', (m) => console.log(m)); setInterval(() => {}, 1000); console.log('up');");
            configure(
                    bunctl,
                    "{\"name\": \"d\", \"script\": \"deaf.ts\", \"shutdown_with_message\": true, \"kill_timeout\": 3000}");
            bunctl.run("start").succeeded();
            bunctl.awaitLog("d-out.log", "up\n");
            long pid = bunctl.pid("d:0");
            long before = System.nanoTime();
            bunctl.run("stop", "d").succeeded();
            assertTrue(System.nanoTime() - before > 3_000_000_000L, "it was given its time");
            assertFalse(HostProcesses.runs(pid));
            assertEquals("up\nshutdown\n", bunctl.log("d-out.log"));
        }
    }

    @Test
    void shutdownMessage_reachesAProgramThatANewDaemonTookOver() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("listens.ts", """
                    process.on("SIGINT", () => console.log("signal"));
                    process.on("message", (message) => { console.log(`told ${message}`); process.exit(0); });
                    setInterval(() => {}, 1000);
                    console.log("up");
                    """);
            configure(
                    bunctl,
                    "{\"name\": \"l\", \"script\": \"listens.ts\", \"shutdown_with_message\": true, \"kill_timeout\": 60000}");
            bunctl.run("start").succeeded();
            bunctl.awaitLog("l-out.log", "up\n");
            long pid = bunctl.pid("l:0");
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("KILL", daemon);
            Bunctl.await(() -> "another daemon came", () -> bunctl.daemonPid() != daemon);
            bunctl.run("stop", "l").succeeded();
            assertFalse(HostProcesses.runs(pid));
            assertEquals("up\ntold shutdown\n", bunctl.log("l-out.log"));
        }
    }

    @Test
    void stopSignal_isTheAppsOwn() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("usr.ts", """
                    process.on("SIGUSR2", () => { console.log("usr2"); process.exit(0); });
                    setInterval(() => {}, 1000);
                    console.log("up");
                    """);
            configure(
                    bunctl,
                    "{\"name\": \"u\", \"script\": \"usr.ts\", \"stop_signal\": \"SIGUSR2\", \"kill_timeout\": 60000}");
            bunctl.run("start").succeeded();
            bunctl.awaitLog("u-out.log", "up\n");
            bunctl.run("stop", "u").succeeded();
            assertEquals("up\nusr2\n", bunctl.log("u-out.log"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tree", "process"})
    void stopSignal_goesToTheTreeOrTheProcess_andNothingIsLeftOfEither(String mode) {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("child.ts", """
                    import { writeFileSync } from "node:fs";
                    process.on("SIGINT", () => { console.log("child told"); writeFileSync("told", ""); });
                    setInterval(() => {}, 1000);
                    console.log(`child ${process.pid}`);
                    """);
            bunctl.write("parent.ts", """
                    import { existsSync } from "node:fs";
                    // Where the child is told too, its word comes first.
                    let told = false;
                    process.on("SIGINT", () => { told = true; });
                    Bun.spawn([process.execPath, "child.ts"], { stdout: "inherit" });
                    setInterval(() => {
                      if (told && (existsSync("told") || process.env.MODE === "process")) {
                        console.log("parent ends");
                        process.exit(0);
                      }
                    }, 50);
                    """);
            configure(
                    bunctl,
                    "{\"name\": \"p\", \"script\": \"parent.ts\", \"env\": {\"MODE\": \"" + mode
                            + "\"}, \"kill_mode\": \"" + mode
                            + "\", \"kill_timeout\": 60000}");
            bunctl.run("start").succeeded();
            Bunctl.await(() -> "the child is up", () -> bunctl.log("p-out.log").matches("child \\d+\\n"));
            long child = Long.parseLong(bunctl.log("p-out.log").strip().substring("child ".length()));
            bunctl.run("stop", "p").succeeded();
            String log = bunctl.log("p-out.log");
            assertEquals(mode.equals("tree"), log.contains("child told"), log);
            assertTrue(log.contains("parent ends"), log);
            assertFalse(HostProcesses.runs(child));
            Map<String, Object> status = bunctl.status("p:0");
            assertEquals("stopped", status.get("state"));
        }
    }
}
