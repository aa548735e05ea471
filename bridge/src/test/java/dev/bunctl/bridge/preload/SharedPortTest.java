package dev.bunctl.bridge.preload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances that share a port, replaced one by one under load. */
class SharedPortTest {
    private static final Map<String, String> SHARE = Map.of("BUNCTL_SHARE_PORT", "1");
    private static final int RELOADS = 5;

    private static ScriptProcess started(String script, int port) throws IOException {
        ScriptProcess instance = new ScriptProcess("bun", script, SHARE, Integer.toString(port));
        assertTrue(instance.awaitLine("up").startsWith("up"));
        return instance;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun-stops.ts", "bun-plain.ts", "http-stops.mjs"})
    void instancesReplacedUnderLoad_loseNoRequest(String script) throws Exception {
        int port = FreePorts.one();
        ScriptProcess current = started(script, port);
        try (HttpLoad load = new HttpLoad(port, 2, 2)) {
            for (int i = 0; i < RELOADS; i++) {
                ScriptProcess next = started(script, port);
                current.signal("INT");
                var _ = current.awaitExit();
                current.close();
                current = next;
            }
            load.end();
            assertEquals(List.of(), load.failures());
            assertTrue(load.answered() > RELOADS, "answered " + load.answered());
            assertTrue(load.closings() > 0, "nobody was told to close");
        } finally {
            current.close();
        }
    }

    @Test
    void appWithoutHandler_diesOfTheSignal() throws Exception {
        int port = FreePorts.one();
        try (ScriptProcess instance = started("bun-plain.ts", port)) {
            instance.signal("TERM");
            assertEquals(128 + 15, instance.awaitExit());
        }
    }

    @Test
    void nodeServer_drainsBeforeItCloses() throws Exception {
        try (ScriptProcess instance = new ScriptProcess("node", "http-stops.mjs", SHARE, "0")) {
            int port = Integer.parseInt(instance.awaitLine("up").split(" ")[1]);
            try (Socket keptAlive = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertEquals(new HttpLoad.Response(200, false), HttpLoad.request(keptAlive, true));
                instance.signal("INT");
                HttpLoad.Response response = HttpLoad.request(keptAlive, true);
                while (!response.closes()) {
                    response = HttpLoad.request(keptAlive, true);
                }
                assertEquals(200, response.status());
            }
            assertEquals("closed", instance.awaitLine("closed"));
            assertEquals(0, instance.awaitExit());
        }
    }

    @Test
    void withoutTheVariable_nothingIsChanged() throws Exception {
        int port = FreePorts.one();
        try (ScriptProcess alone = new ScriptProcess("bun", "bun-stops.ts", Map.of(), Integer.toString(port))) {
            assertEquals("up " + port, alone.awaitLine("up"));
            try (ScriptProcess second = new ScriptProcess("bun", "bun-stops.ts", Map.of(), Integer.toString(port))) {
                assertTrue(second.awaitExit() != 0);
            }
        }
    }
}
