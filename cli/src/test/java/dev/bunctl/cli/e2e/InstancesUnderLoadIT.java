package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.preload.FreePorts;
import dev.bunctl.bridge.preload.HttpLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example HTTP server while it is asked without a pause, on kept-alive connections and on one for each request. */
class InstancesUnderLoadIT {
    private static final Path EXAMPLE = Path.of("../conf/examples/hello");
    private static final int RELOADS = 5;
    private static final int KEPT_ALIVE = 2;
    private static final int SINGLE = 2;

    private static Bunctl example(int port) throws IOException {
        Bunctl bunctl = new Bunctl().with("PORT", Integer.toString(port));
        for (String file : List.of("server.ts", "bunctl.json")) {
            bunctl.write(file, Files.readString(EXAMPLE.resolve(file)));
        }
        bunctl.run("start").succeeded();
        return bunctl;
    }

    private static void assertNothingLost(HttpLoad load) {
        load.end();
        assertEquals(List.of(), load.failures());
        assertTrue(load.answered() > RELOADS, "answered " + load.answered());
    }

    private static List<Long> pids(Bunctl bunctl) {
        return bunctl.status().stream().map(app -> (Long) app.get("pid")).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void fiveReloads_loseNoRequest(int instances) throws Exception {
        int port = FreePorts.one();
        try (Bunctl bunctl = example(port)) {
            bunctl.run("scale", "hello", Integer.toString(instances)).succeeded();
            try (HttpLoad load = new HttpLoad(port, KEPT_ALIVE, SINGLE)) {
                for (int times = 0; times < RELOADS; times++) {
                    List<Long> before = pids(bunctl);
                    Bunctl.Result reload = bunctl.run("reload", "hello").succeeded();
                    assertFalse(reload.err().contains("may have been lost"), reload.err());
                    List<Long> after = pids(bunctl);
                    assertEquals(instances, after.size());
                    assertTrue(after.stream().noneMatch(before::contains), before + " and " + after);
                }
                assertNothingLost(load);
            }
        }
    }

    @Test
    void reloadOfSeveralAtATime_losesNoRequest() throws Exception {
        int port = FreePorts.one();
        try (Bunctl bunctl = example(port)) {
            bunctl.run("scale", "hello", "4").succeeded();
            try (HttpLoad load = new HttpLoad(port, KEPT_ALIVE, SINGLE)) {
                bunctl.run("reload", "hello", "--parallel", "2").succeeded();
                assertNothingLost(load);
            }
        }
    }

    @Test
    void scaleUpAndDown_losesNoRequest() throws Exception {
        int port = FreePorts.one();
        try (Bunctl bunctl = example(port)) {
            try (HttpLoad load = new HttpLoad(port, KEPT_ALIVE, SINGLE)) {
                for (String count : List.of("3", "-2", "+1", "1", "2")) {
                    bunctl.run("scale", "hello", count).succeeded();
                }
                assertNothingLost(load);
            }
            List<Map<String, Object>> left = bunctl.status();
            assertEquals(
                    List.of(0L, 1L),
                    left.stream().map(app -> app.get("instance")).toList());
            assertTrue(left.stream().allMatch(app -> "online".equals(app.get("state"))));
            HostProcesses.signal("KILL", bunctl.daemonPid());
            assertEquals(2, bunctl.status().size());
            Bunctl.Result refused = bunctl.run("scale", "hello", "-2").failedWith(3);
            assertTrue(refused.err().contains("at least one instance"), refused.err());
        }
    }

    @Test
    void reloadIntoABrokenServer_leavesTheOldOneServing() throws Exception {
        int port = FreePorts.one();
        try (Bunctl bunctl = example(port)) {
            bunctl.run("scale", "hello", "2").succeeded();
            List<Long> before = pids(bunctl);
            try (HttpLoad load = new HttpLoad(port, KEPT_ALIVE, SINGLE)) {
                bunctl.write("server.ts", "throw new Error('broken release');");
                Bunctl.Result reload = bunctl.run("reload", "hello").failedWith(1);
                assertTrue(reload.err().contains("hello:0: reload failed, generation 1 still serves"), reload.err());
                assertTrue(reload.err().contains("broken release"), reload.err());
                assertTrue(reload.err().contains("hello:1: left as it was, because of hello:0"), reload.err());
                assertNothingLost(load);
            }
            assertEquals(before, pids(bunctl));
        }
    }

    @Test
    void reload_ofAProgramThatIsNotPrepared_saysSo() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "plain", "--command", "sleep 1000").succeeded();
            Bunctl.Result reload = bunctl.run("reload", "plain").succeeded();
            assertTrue(reload.err().contains("warning: plain: requests may have been lost"), reload.err());
        }
    }

    @Test
    void instances_knowTheirNumbersAndHaveTheirOwnPorts_whenAsked() throws Exception {
        int port = FreePorts.several(3);
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("own.ts", """
                    const server = Bun.serve({ port: process.env.PORT, fetch: () => new Response("") });
                    console.log(`${process.env.WORKER} ${process.env.NODE_APP_INSTANCE} on ${server.port - %d}`);""".formatted(port));
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"own","script":"own.ts","instances":3,"instance_var":"WORKER","increment_var":"PORT",
                      "env":{"PORT":"%d"},"ready":{"log":" on "}}]}""".formatted(port));
            bunctl.run("start").succeeded();
            assertEquals("0 undefined on 0\n", bunctl.awaitLog("own-out.log", "\n"));
            assertEquals("2 undefined on 2\n", bunctl.awaitLog("own-out-2.log", "\n"));
            for (int number = 0; number < 3; number++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port + number)) {
                    assertEquals(200, HttpLoad.request(socket, false).status());
                }
            }
        }
    }

    @Test
    void signal_reachesTheProgram() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("hears.ts", """
                    process.on("SIGUSR2", () => console.log("heard"));
                    setInterval(() => {}, 1000);
                    console.log("up");""");
            bunctl.write(
                    "bunctl.json",
                    "{\"apps\":[{\"name\":\"hears\",\"script\":\"hears.ts\",\"ready\":{\"log\":\"up\"}}]}");
            bunctl.run("start").succeeded();
            long pid = bunctl.pid("hears:0");
            bunctl.run("signal", "USR2", "hears").succeeded();
            Bunctl.await(
                    () -> "the signal was heard",
                    () -> bunctl.log("hears-out.log").contains("heard"));
            assertEquals(pid, bunctl.pid("hears:0"));
            bunctl.run("signal", "NOPE", "hears").failedWith(3);
            bunctl.run("stop", "hears").succeeded();
            bunctl.run("sendSignal", "SIGHUP", "hears").failedWith(1);
        }
    }
}
